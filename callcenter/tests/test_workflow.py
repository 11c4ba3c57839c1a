"""The one way to move a case: legal moves only, one winner, a history row each (DESIGN section 2)."""

from datetime import UTC, date, datetime

import pytest

from callcenter.workflow import IllegalMove, LostRace, advance, advance_all, can_move
from campaigns.models import Campaign
from campaigns.states import CampaignState
from customers.models import Client
from people.tests.make import make_calendar, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def make_case(state=CampaignState.DRAFT, code="P1"):
    client, _made = Client.objects.get_or_create(code="C1", defaults={"name": "委托方"})
    fields = {"kind": Campaign.Kind.SATISFACTION, "starts_on": date(2026, 1, 1), "created_at": NOW}
    return Campaign.objects.create(
        client=client, name=code, code=code, state=state, calendar=make_calendar(), **fields
    )


def steps(case):
    return list(
        Campaign.STEP.objects.filter(case=case).order_by("id").values_list("from_state", "to_state", "note")
    )


def test_a_legal_move_writes_one_row_of_history():
    case, by = make_case(), make_user()
    advance(case, CampaignState.APPROVED, by=by, at=NOW, note="ok", name="新名")
    case.refresh_from_db()
    assert (case.state, case.name) == (CampaignState.APPROVED, "新名")
    assert steps(case) == [("draft", "approved", "ok")]
    step = Campaign.STEP.objects.get(case=case)
    assert (step.by, step.at) == (by, NOW)


def test_an_illegal_move_changes_nothing():
    case = make_case()
    assert not can_move(case, CampaignState.FINISHED)
    with pytest.raises(IllegalMove) as caught:
        advance(case, CampaignState.FINISHED, by=None, at=NOW)
    assert (caught.value.status, caught.value.code) == (409, "illegal_move")
    case.refresh_from_db()
    assert case.state == CampaignState.DRAFT
    assert steps(case) == []


def test_every_state_of_a_table_is_a_choice_and_nothing_else_is():
    choices = {value for value, _label in Campaign._meta.get_field("state").choices}
    assert set(Campaign.MOVES) <= choices
    assert set().union(*Campaign.MOVES.values()) <= choices


def test_the_second_of_two_who_saw_the_same_state_loses():
    case = make_case()
    mine, theirs = Campaign.objects.get(pk=case.pk), Campaign.objects.get(pk=case.pk)
    advance(theirs, CampaignState.APPROVED, by=None, at=NOW)
    with pytest.raises(LostRace) as caught:
        advance(mine, CampaignState.APPROVED, by=None, at=NOW, name="zu spät")
    assert (caught.value.status, caught.value.code) == (409, "lost_race")
    case.refresh_from_db()
    assert case.name != "zu spät"
    assert len(steps(case)) == 1


def test_a_condition_that_does_not_hold_is_a_lost_race():
    case = make_case()
    with pytest.raises(LostRace):
        advance(case, CampaignState.APPROVED, by=None, at=NOW, where={"code": "other"})
    assert steps(case) == []


def test_a_long_note_is_cut_to_its_column():
    case = make_case()
    advance(case, CampaignState.APPROVED, by=None, at=NOW, note="说" * 600)
    assert len(Campaign.STEP.objects.get(case=case).note) == 500


def test_many_cases_move_in_two_statements_and_others_are_left_alone(django_assert_max_num_queries):
    drafts = [make_case(code=f"D{number}") for number in range(3)]
    finished = make_case(CampaignState.FINISHED, "F")
    # Lock and read, history, update, and the savepoint around them.
    with django_assert_max_num_queries(5):
        moved = advance_all(Campaign.objects.all(), CampaignState.APPROVED, by=None, at=NOW, note="alle")
    assert moved == 3
    assert set(Campaign.objects.filter(state="approved")) == set(drafts)
    assert [steps(case) for case in drafts] == [[("draft", "approved", "alle")]] * 3
    assert steps(finished) == []


def test_moving_none_is_no_error():
    assert advance_all(Campaign.objects.all(), CampaignState.APPROVED, by=None, at=NOW) == 0
