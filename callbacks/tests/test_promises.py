"""What policies promised against what was done (CAM-2, domain.md 5.2 and section 9, vector 8)."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import md5

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import apply_policy
from callbacks.models import Task
from callbacks.queries.promises import Choice, behind, board, drawn_in_all, draws, total
from callbacks.tests.make import NOW, disposition, make_agent, make_campaign, make_customer, make_team
from callbacks.tests.test_apply_policies import make_event, make_policy
from callcenter.access import Role
from campaigns.models import Frame
from campaigns.rules.coverage import Promise, coverage, standing
from customers.models import Customer
from customers.tests.make import make_region, make_user
from people.models import Team

pytestmark = pytest.mark.django_db
LONG_AGO = Choice(start=date(2020, 1, 1))


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def manager(team):
    return make_user(Role.MANAGER, unit=team.unit)


def done(task, at, *, code="DONE"):
    """As the end of a completed call leaves a task."""
    values = {"state": "done", "closed_at": at, "disposition": disposition(code), "attempts": 1}
    Task.objects.filter(pk=task.pk).update(**values)


def promise(campaign, how_many, *, days_ago, now=NOW, **fields):
    """A policy of fourteen days, applied the day after so many events."""
    policy = make_policy(campaign, **fields)
    for _more in range(how_many):
        customer = make_customer(client=campaign.client, team=campaign.teams.first())
        make_event(campaign, customer=customer, at=now - timedelta(days=days_ago))
    apply_policy(policy=policy, now=now - timedelta(days=days_ago - 1))
    return policy


def test_golden_coverage_counts_ended_windows_only_and_calls_open_ones_pending(team, manager):
    campaign = make_campaign(team=team)
    promise(campaign, 6, days_ago=16, event_kind="claim_settled")
    ended = list(Task.objects.order_by("id"))
    for task in ended[:4]:
        done(task, task.deadline - timedelta(days=1))
    done(ended[4], ended[4].deadline + timedelta(hours=1))
    later = make_policy(campaign, name="维修", event_kind="repair")
    for _more in range(4):
        make_event(
            campaign,
            customer=make_customer(client=campaign.client),
            kind="repair",
            at=NOW - timedelta(days=2),
        )
    apply_policy(policy=later, now=NOW)
    done(Task.objects.filter(policy=later).first(), NOW)
    lines = board(manager, LONG_AGO, by="policy", now=NOW)
    whole = total(lines)
    assert (whole.in_time, whole.late, whole.missed, whole.open, whole.open_done) == (4, 1, 1, 3, 1)
    assert (whole.ended, whole.promised, whole.share) == (6, 10, Decimal(4) / 6)
    assert [(line.name, line.standing) for line in lines] == [("理赔回访", "broken"), ("维修", "pending")]
    assert lines[0].lacking == 2
    assert lines[1].share is None
    told = [Promise(t.deadline, t.closed_at, t.attempts) for t in Task.objects.order_by("id")]
    by_rule = coverage(told, attempts_max=3, now=NOW)
    assert (by_rule.ended, by_rule.in_time, by_rule.late, by_rule.missed, by_rule.pending) == (6, 4, 1, 1, 4)


def test_tried_and_missed_are_told_apart_and_the_limit_counts_as_touched(team, manager):
    campaign = make_campaign(team=team, max_attempts=2)
    promise(campaign, 3, days_ago=16)
    first, second, _third = Task.objects.order_by("id")
    Task.objects.filter(pk=first.pk).update(attempts=1)
    Task.objects.filter(pk=second.pk).update(attempts=2)
    (line,) = board(manager, LONG_AGO, by="policy", now=NOW)
    assert (line.in_time, line.attempted, line.missed, line.touched) == (0, 2, 1, 1)
    assert (line.share, line.touched_share) == (0, Decimal(1) / 3)


def test_share_is_of_all_who_were_eligible_not_of_those_drawn(team, manager):
    campaign = make_campaign(team=team)
    policy = promise(campaign, 10, days_ago=16, coverage_percent=50)
    assert Task.objects.count() == 5
    (frame,) = Frame.objects.all()
    assert (frame.eligible, frame.left_out, frame.seed) == (10, 5, policy.seed)
    for task in Task.objects.order_by("id")[:4]:
        done(task, task.deadline - timedelta(days=1))
    (line,) = board(manager, LONG_AGO, by="policy", now=NOW)
    assert (line.promised, line.eligible, line.share, line.standing) == (5, 10, Decimal("0.4"), "broken")
    done(Task.objects.order_by("id").last(), NOW - timedelta(days=3))
    for by in ("policy", "unit", "region"):
        (line,) = board(manager, LONG_AGO, by=by, now=NOW)
        assert (line.share, line.promised_share, line.standing) == (Decimal("0.5"), Decimal("0.5"), "kept")


def test_sample_of_a_period_can_be_drawn_again_from_the_seed_that_is_kept(team):
    campaign = make_campaign(team=team)
    for _more in range(12):
        make_customer(client=campaign.client, team=team)
    policy = make_policy(
        campaign, event_kind="", every_months=3, window=3, window_unit="months", coverage_percent=25
    )
    apply_policy(policy=policy, now=NOW)
    (frame,) = Frame.objects.all()
    customers = Task.objects.values_list("customer_id", flat=True)
    everybody = Customer.objects.filter(client=campaign.client).values_list("pk", flat=True)
    again = sorted(
        everybody, key=lambda pk: md5(f"{frame.seed}:{pk}".encode(), usedforsecurity=False).hexdigest()
    )
    assert frame.seed != policy.seed
    assert set(customers) == set(again[:3])


def test_frame_is_replaced_while_the_window_is_open_and_kept_afterwards(team):
    campaign = make_campaign(team=team)
    policy = promise(campaign, 10, days_ago=16, coverage_percent=50)
    apply_policy(policy=policy, now=NOW - timedelta(days=15))
    for _more in range(4):
        make_event(campaign, at=NOW - timedelta(days=1))
    apply_policy(policy=policy, now=NOW)
    found = list(Frame.objects.order_by("deadline").values_list("eligible", "left_out"))
    assert found == [(10, 5), (4, 2)]


def test_message_that_went_out_keeps_a_promise_without_a_next_channel(team, manager):
    from messaging.tests.make import make_message, make_version

    campaign = make_campaign(team=team)
    promise(campaign, 2, days_ago=16, channel="sms")
    first, second = Task.objects.order_by("id")
    message = make_message(first.customer, make_version(channel="sms"))
    type(message).objects.filter(pk=message.pk).update(state="sent", sent_at=NOW - timedelta(days=10))
    Task.objects.filter(pk=first.pk).update(message=message, state="cancelled")
    (line,) = board(manager, LONG_AGO, by="policy", now=NOW)
    assert (line.in_time, line.missed) == (1, 1)
    assert [task.pk for task in behind(manager, LONG_AGO, what="missed", now=NOW)] == [second.pk]


def test_numbers_open_to_as_many_contacts(team, manager):
    campaign = make_campaign(team=team)
    promise(campaign, 5, days_ago=16)
    tasks = list(Task.objects.order_by("id"))
    done(tasks[0], tasks[0].deadline - timedelta(days=2))
    Task.objects.filter(pk=tasks[1].pk).update(attempts=1)
    (line,) = board(manager, LONG_AGO, by="policy", now=NOW)
    for what in ("in_time", "late", "attempted", "missed", "open", "open_done", "touched"):
        assert behind(manager, LONG_AGO, what=what, now=NOW).count() == getattr(line, what), what
    assert behind(manager, LONG_AGO, what="all", now=NOW).count() == line.promised == 5
    assert behind(manager, LONG_AGO, what="ended", now=NOW).count() == line.ended == 5


def test_lines_by_region_unit_and_agent_add_up(team, manager):
    campaign = make_campaign(team=team)
    other = Team.objects.create(unit=team.unit, name="B组", code="TB")
    campaign.teams.add(other)
    region, agent = make_region(), make_agent(team)
    policy = make_policy(campaign)
    for place in range(4):
        customer = make_customer(
            client=campaign.client, team=(team, other)[place % 2], region=region if place else None
        )
        make_event(campaign, customer=customer, at=NOW - timedelta(days=16))
    apply_policy(policy=policy, now=NOW - timedelta(days=15))
    Task.objects.filter(queue__team=team).update(agent=agent, attempts=1)
    by_region = {line.name: line.ended for line in board(manager, LONG_AGO, by="region", now=NOW)}
    assert by_region == {"": 1, region.name: 3}
    by_agent = {
        line.name: (line.attempted, line.missed) for line in board(manager, LONG_AGO, by="agent", now=NOW)
    }
    assert by_agent == {"": (0, 2), agent.full_name or agent.username: (2, 0)}
    assert [line.ended for line in board(manager, LONG_AGO, by="unit", now=NOW)] == [4]
    nobody = Choice(start=LONG_AGO.start, agent="none")
    assert behind(manager, nobody, what="all", now=NOW).count() == 2


def test_lead_counts_the_own_team_only(team):
    campaign, other = make_campaign(team=team), make_campaign(team=make_team())
    promise(campaign, 2, days_ago=16, coverage_percent=50)
    promise(other, 3, days_ago=16, coverage_percent=50)
    lead = make_user(Role.LEAD, team=team)
    (line,) = board(lead, LONG_AGO, by="policy", now=NOW)
    assert (line.place, line.promised, line.eligible) == (campaign.name, 1, 2)
    assert total(board(make_user(Role.ADMIN), LONG_AGO, by="unit", now=NOW)).eligible == 5


def test_period_narrows_by_the_end_of_the_window(team, manager):
    campaign = make_campaign(team=team)
    promise(campaign, 1, days_ago=16)
    deadline = Task.objects.get().deadline
    last_day = timezone.localtime(deadline - timedelta(seconds=1)).date()
    day = timedelta(days=1)
    for start, end, found in (
        (last_day, last_day, 1),
        (last_day + day, None, 0),
        (last_day - day, last_day - day, 0),
    ):
        assert behind(manager, Choice(start=start, end=end), what="all", now=NOW).count() == found


@pytest.mark.parametrize(
    ("in_time", "eligible", "percent_sum", "expected"),
    [
        (0, 0, 0, "pending"),
        (1, 3, 150, "broken"),
        (2, 3, 150, "kept"),
        (0, 5, 0, "kept"),
        (1, 1, 100, "kept"),
    ],
)
def test_standing_is_exact(in_time, eligible, percent_sum, expected):
    assert standing(in_time=in_time, eligible=eligible, percent_sum=Decimal(percent_sum)) == expected


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize("by", ["policy", "unit", "region", "agent"])
def test_board_asks_as_many_queries_for_one_line_as_for_three(
    how_many, by, client, django_assert_num_queries
):
    now, team = timezone.now(), make_team()
    for number in range(how_many):
        promise(make_campaign(team=team), 2, days_ago=16, now=now, name=f"承诺{number}", coverage_percent=50)
    client.force_login(make_user(Role.MANAGER, unit=team.unit))
    url = reverse("callbacks:promises")
    client.get(url)
    with django_assert_num_queries({"policy": 9, "agent": 7}.get(by, 8)):
        page = client.get(url, {"by": by}).content.decode()
    assert page.count("承诺") == (how_many if by == "policy" else 0)


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_behind_a_number_asks_a_fixed_number_of_queries(how_many, client, django_assert_num_queries):
    now, team = timezone.now(), make_team()
    promise(make_campaign(team=team), how_many, days_ago=16, now=now)
    client.force_login(make_user(Role.LEAD, team=team))
    url = reverse("callbacks:promise_list")
    client.get(url)
    with django_assert_num_queries(6):
        page = client.get(url, {"what": "missed"}).content.decode()
    assert page.count('<th scope="row">') == how_many


def test_draws_behind_the_eligible_add_up_to_them_within_the_scope(client, team):
    now = timezone.now()
    region = make_region()
    campaign = make_campaign(team=team)
    policy = make_policy(campaign, coverage_percent=50)
    for place in range(7):
        customer = make_customer(client=campaign.client, team=team, region=region if place < 4 else None)
        make_event(campaign, customer=customer, at=now - timedelta(days=16))
    apply_policy(policy=policy, now=now - timedelta(days=15))
    promise(make_campaign(team=make_team()), 3, days_ago=16, now=now, name="别组", coverage_percent=50)
    lead = make_user(Role.LEAD, team=team)
    for choice in (
        LONG_AGO,
        Choice(start=LONG_AGO.start, region=region.pk),
        Choice(start=LONG_AGO.start, region="none"),
    ):
        whole = drawn_in_all(lead, choice)
        strata = draws(lead, choice)
        sums = [sum(getattr(frame, name) for frame in strata) for name in ("eligible", "drawn", "left_out")]
        assert sums == [whole["eligible"], whole["drawn"], whole["left_out"]]
        line = total(board(lead, choice, by="region", now=now))
        assert (line.eligible_all, line.left_out) == (whole["eligible"], whole["left_out"])
    client.force_login(lead)
    board_page = client.get(reverse("callbacks:promises")).content.decode()
    assert reverse("callbacks:promise_draws") in board_page
    page = client.get(reverse("callbacks:promise_draws")).content.decode()
    assert policy.seed in page
    assert "别组" not in page
    assert page.count('<th scope="row">') == 2


@pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999", "%00", "👍", "0"])
def test_nonsense_in_the_address_does_not_filter(value, client, team):
    promise(make_campaign(team=team), 1, days_ago=16, now=timezone.now())
    client.force_login(make_user(Role.LEAD, team=team))
    names = ("by", "start", "end", "campaign", "policy", "unit", "region", "agent", "page", "what")
    for url in (reverse("callbacks:promises"), reverse("callbacks:promise_list")):
        answer = client.get(url, dict.fromkeys(names, value))
        assert answer.status_code == 200
        assert "理赔回访" in answer.content.decode()
    assert client.get(reverse("callbacks:promise_draws"), dict.fromkeys(names, value)).status_code == 200


def test_client_sees_the_promises_made_to_it_without_links_and_agents(client, team):
    campaign = make_campaign(team=team)
    promise(campaign, 2, days_ago=16, now=timezone.now())
    promise(make_campaign(team=team), 2, days_ago=16, now=timezone.now(), name="别家")
    client.force_login(make_user(Role.CLIENT, client=campaign.client))
    page = client.get(reverse("callbacks:promises"), {"by": "agent"}).content.decode()
    assert "理赔回访" in page
    assert "别家" not in page
    assert reverse("callbacks:promise_list") not in page
    assert "By agent" not in page
    assert client.get(reverse("callbacks:promise_list")).status_code == 403
