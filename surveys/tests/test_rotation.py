from datetime import date, timedelta

import pytest
from django.urls import reverse

from callcenter.errors import Refused
from callcenter.models import Notification
from callcenter.schedule import RINGS
from callcenter.workflow import IllegalMove
from surveys import actions
from surveys.models import Questionnaire, QuestionnaireVersion, RotationProposal
from surveys.rules.rotation import Candidate, Threshold, period, replacement, worn_out
from surveys.tasks import propose_rotation
from surveys.tests.make import (
    NOW,
    items_of,
    make_customer,
    make_question,
    make_response,
    make_user,
    make_version,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("scores", "worn"),
    [
        ([5] * 60 + [4] * 40, True),
        ([5] * 59 + [4] * 40, False),
        ([5] * 49 + [4] * 51, False),
        ([5] * 50 + [4] * 50, True),
        ([5] * 88 + [1] * 12, False),
        ([], False),
    ],
    ids=["excellent", "one answer short", "mean below", "mean exactly", "wide interval", "nothing"],
)
def test_question_is_worn_out_at_the_thresholds(scores, worn):
    found = worn_out(len(scores), sum(scores), sum(score * score for score in scores), Threshold())
    assert (found is not None) == worn


def test_period_ends_with_the_day_given():
    assert period(TODAY, 90) == (TODAY - timedelta(days=89), TODAY)


def test_replacement_is_of_the_same_kind_and_direction_and_least_used():
    bank = [
        Candidate(1, "scale5", "speed", 0),
        Candidate(2, "scale5", "speed", 3),
        Candidate(3, "scale5", "speed", 1),
        Candidate(4, "scale5", "attitude", 0),
        Candidate(5, "text", "speed", 0),
    ]
    assert replacement("scale5", "speed", bank, {1}) == 3
    assert replacement("scale5", "speed", bank, {1, 2, 3}) is None


def excellent(answers=4):
    """A published version whose first question is worn out by the thresholds set here."""
    speed = make_question(direction="speed", code="SPEED-1")
    version = make_version(speed, "text")
    Questionnaire.objects.filter(pk=version.questionnaire_id).update(rotate_answers=4)
    customer = make_customer()
    for _number in range(answers):
        make_response(version, ["5", "ok"], customer=customer)
    return version


@pytest.mark.django_db
def test_worn_out_question_is_proposed_once():
    version = excellent()
    spare = make_question(direction="speed", code="SPEED-2")
    (proposal,) = actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW)
    proposal = RotationProposal.objects.get(pk=proposal.pk)
    assert (proposal.n, proposal.mean, proposal.replacement) == (4, 5, spare)
    assert actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW) == []


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [0, 3])
def test_too_few_answers_propose_nothing(answers):
    version = excellent(answers)
    assert actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW) == []


@pytest.mark.django_db
def test_accepted_proposals_share_one_new_version_and_keep_the_old():
    version = excellent()
    spare = make_question(direction="speed", code="SPEED-2")
    (proposal,) = actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW)
    leader = make_user("manager")
    actions.accept_rotation(
        proposal=proposal, replacement=spare, minutes="meeting of May", by=leader, now=NOW
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.new_version.number) == ("accepted", leader, 2)
    assert [item.question.code for item in items_of(proposal.new_version)][0] == "SPEED-2"
    assert [item.question.code for item in items_of(version)][0] == "SPEED-1"
    assert proposal.steps.get().note == "meeting of May"
    with pytest.raises(IllegalMove):
        actions.keep_question(proposal=proposal, minutes="", by=leader, now=NOW)


@pytest.mark.django_db
def test_kept_question_rests_for_a_period():
    version = excellent()
    (proposal,) = actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW)
    actions.keep_question(proposal=proposal, minutes="still useful", by=make_user("manager"), now=NOW)
    assert actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW) == []
    Questionnaire.objects.update(rotate_days=365)
    RotationProposal.objects.update(decided_at=NOW - timedelta(days=400))
    assert len(actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "code"), [(None, "no_replacement"), ("text", "other_kind")])
def test_wrong_replacement_changes_nothing(kind, code):
    version = excellent()
    (proposal,) = actions.propose_rotation(questionnaire=version.questionnaire, until=TODAY, now=NOW)
    with pytest.raises(Refused) as caught:
        actions.accept_rotation(
            proposal=proposal,
            replacement=kind and make_question(kind),
            minutes="",
            by=make_user("manager"),
            now=NOW,
        )
    assert caught.value.code == code
    assert QuestionnaireVersion.objects.filter(questionnaire=version.questionnaire).count() == 1


@pytest.mark.django_db
def test_meeting_decides_on_a_page(client):
    version = excellent()
    client.force_login(make_user("trainer"))
    make_question(direction="speed", code="SPEED-2")
    page = reverse("surveys:rotation", args=[version.questionnaire_id])
    client.post(page, {"until": "2026-11-20"})
    proposal = RotationProposal.objects.get()
    assert client.get(page).status_code == 200
    address = reverse("surveys:proposal", args=[proposal.pk])
    refused = client.post(address, {"decision": "accept", "minutes": ""})
    assert refused.context["form"].errors
    client.post(address, {"decision": "accept", "minutes": "replace", "replacement": proposal.replacement_id})
    proposal.refresh_from_db()
    assert proposal.state == "accepted"
    assert client.post(address, {"decision": "keep", "minutes": "no"}).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize("until", ["", "x", "2999-01-01", "9999-12-31", "0001-01-01"])
def test_wrong_day_is_shown_again(client, until):
    version = excellent()
    client.force_login(make_user("manager"))
    response = client.post(reverse("surveys:rotation", args=[version.questionnaire_id]), {"until": until})
    assert response.status_code in (200, 302)
    assert not RotationProposal.objects.exists()


@pytest.mark.django_db
def test_sweep_runs_over_every_questionnaire_and_again_without_doubles():
    excellent()
    propose_rotation.delay()
    count = RotationProposal.objects.count()
    propose_rotation.delay()
    assert RotationProposal.objects.count() == count


@pytest.mark.django_db
def test_those_who_decide_hear_of_new_proposals_once():
    version = excellent()
    trainer, lead = make_user("trainer"), make_user("lead")
    assert actions.propose_everywhere(until=TODAY, now=NOW) == 1
    assert actions.propose_everywhere(until=TODAY, now=NOW) == 0
    told = Notification.objects.get()
    assert (told.recipient, told.params) == (trainer, {"name": version.questionnaire.name})
    assert not Notification.objects.filter(recipient=lead).exists()


def test_questions_are_looked_at_every_night():
    ring = next(ring for ring in RINGS if ring.task == "surveys.propose_rotation")
    assert (ring.when.hour, ring.when.day_of_week) == ({2}, set(range(7)))
