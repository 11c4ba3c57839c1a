"""Letters and home visits: results, response rates, address sheets, and the postal sample (CB-12, CAM-2, CUS-11)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import (
    apply_policy,
    claim_next,
    record_paper_answers,
    release_due,
    report_deliveries,
)
from callbacks.models import Delivery, Task
from callbacks.queries.deliveries import by_hand, response_rates
from callbacks.rules.deliveries import Rates
from callbacks.states import DeliveryState, TaskState
from callbacks.tests.make import (
    NOW,
    make_agent,
    make_campaign,
    make_client,
    make_customer,
    make_task,
    make_team,
)
from callbacks.tests.test_apply_policies import make_policy
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.workflow import IllegalMove
from customers.actions import block
from customers.models import Contact
from customers.tests.make import make_consent, make_user
from surveys.models import Response
from surveys.tests.make import make_why_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def lead(campaign):
    return make_user("lead", team=campaign.teams.get())


def letter(campaign, *, channel="post", address="杭州市西湖区文三路 1 号", now=NOW, **fields):
    customer = make_customer(
        client=campaign.client, team=campaign.teams.get(), phones=[], name="王芳", address=address
    )
    make_consent(customer, channel=channel, purpose=campaign.purpose, at=now - timedelta(days=9))
    return make_task(campaign, customer=customer, channel=channel, now=now, due_at=now, **fields)


def report(task, result, *, by, at=NOW, now=NOW, **fields):
    done = report_deliveries(tasks=[task], result=result, at=at, by=by, now=now, **fields)
    task.refresh_from_db()
    return done


def test_letters_and_visits_are_not_handed_out_at_the_desk(campaign):
    agent = make_agent(campaign.teams.get())
    for channel in ("post", "visit"):
        assert letter(campaign, channel=channel).state == TaskState.PLANNED
    assert claim_next(agent=agent, now=NOW) is None


def test_letter_is_sent_and_its_reply_ends_the_task(campaign, lead):
    task = letter(campaign)
    assert report(task, "sent", by=lead) == (1, [])
    assert (task.state, task.delivery.state, task.delivery.attempts) == (TaskState.PLANNED, "sent", 1)
    later = NOW + timedelta(days=9)
    report(task, "received", by=lead, at=later, now=later, note="with thanks")
    delivery = Delivery.objects.get(task=task)
    assert (task.state, task.disposition.code) == (TaskState.DONE, "DONE")
    assert (delivery.state, delivery.closed_at, delivery.remark) == ("received", later, "with thanks")
    assert [step.to_state for step in delivery.steps.order_by("id")] == ["sent", "received"]
    assert list(Contact.objects.values_list("channel", "completed")) == [("post", False)]


def test_letter_that_came_back_may_be_sent_again(campaign, lead):
    task = letter(campaign)
    report(task, "sent", by=lead)
    report(task, "returned", by=lead)
    assert task.state == TaskState.PLANNED
    assert task in by_hand(lead)
    report(task, "sent", by=lead)
    assert Delivery.objects.get(task=task).attempts == 2


def test_shut_door_leaves_the_visit_open_until_somebody_is_met(campaign, lead):
    task = letter(campaign, channel="visit")
    report(task, "absent", by=lead)
    report(task, "absent", by=lead)
    assert (task.state, Delivery.objects.get(task=task).attempts) == (TaskState.PLANNED, 2)
    report(task, "visited", by=lead)
    assert (task.state, Delivery.objects.get(task=task).state) == (TaskState.DONE, "visited")
    assert Contact.objects.filter(channel="visit", completed=True).count() == 1


def test_refusal_at_the_door_counts_as_one(campaign, lead):
    task = letter(campaign, channel="visit")
    report(task, "refused", by=lead)
    assert (task.state, task.disposition.code) == (TaskState.DONE, "REFUSE")
    assert Contact.objects.get().refused


def test_result_of_the_other_channel_and_out_of_turn_is_refused(campaign, lead):
    task = letter(campaign)
    with pytest.raises(Refused) as caught:
        report(task, "visited", by=lead)
    assert caught.value.code == "wrong_result"
    with pytest.raises(IllegalMove):
        report(task, "received", by=lead)
    with pytest.raises(Refused) as caught:
        report(task, "sent", by=lead, at=NOW + timedelta(minutes=1))
    assert caught.value.code == "future"
    with pytest.raises(Refused) as caught:
        report(make_task(campaign), "sent", by=lead)
    assert caught.value.code == "not_by_hand"
    assert not Delivery.objects.filter(state=DeliveryState.SENT).exists()


def test_customer_who_may_not_be_written_to_is_left_out(campaign, lead):
    barred, fine = letter(campaign), letter(campaign)
    block(
        customer=barred.customer,
        purpose="",
        category="requested",
        reason="no",
        evidence="letter",
        by=lead,
        now=NOW,
    )
    done, left = report_deliveries(tasks=[barred, fine], result="sent", at=NOW, by=lead, now=NOW)
    assert (done, [task.pk for task in left]) == (1, [barred.pk])
    assert not Delivery.objects.filter(task=barred).exists()


def test_reply_to_a_task_on_hold_ends_it(campaign, lead):
    task = letter(campaign)
    report(task, "sent", by=lead)
    Task.objects.filter(pk=task.pk).update(state=TaskState.SUSPENDED, hold="focus")
    report(task, "received", by=lead)
    assert (task.state, task.hold) == (TaskState.DONE, "")


def test_letter_without_reply_ends_at_its_deadline_and_a_late_reply_counts(campaign, lead):
    policy = make_policy(campaign)
    task = letter(campaign, deadline=NOW + timedelta(days=10))
    Task.objects.filter(pk=task.pk).update(policy=policy)
    report(task, "sent", by=lead)
    release_due(now=NOW + timedelta(days=9))
    task.refresh_from_db()
    assert task.state == TaskState.PLANNED
    over = NOW + timedelta(days=11)
    release_due(now=over)
    task.refresh_from_db()
    assert (task.state, Delivery.objects.get(task=task).state) == (TaskState.DONE, "silent")
    report(task, "received", by=lead, at=over, now=over)
    assert Delivery.objects.get(task=task).state == "received"


def test_response_rates_count_each_letter_once(campaign, lead):
    tasks = [letter(campaign) for _number in range(5)]
    for task in tasks[:4]:
        report(task, "sent", by=lead)
    report(tasks[0], "received", by=lead)
    report(tasks[1], "returned", by=lead)
    (line,) = response_rates(lead)
    assert (line.waiting, line.rates) == (2, Rates(done=4, back=1, answered=1))
    assert line.rates.response == pytest.approx(1 / 3)
    assert response_rates(make_user("lead", team=make_team())) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_queries(client, campaign, lead, rows, django_assert_num_queries):
    for _row in range(rows):
        report(letter(campaign), "sent", by=lead)
        letter(campaign)
    client.force_login(lead)
    client.get(reverse("callbacks:deliveries"))
    with django_assert_num_queries(7):
        assert len(client.get(reverse("callbacks:deliveries")).context["page"].rows) == rows


def test_list_shows_no_address_in_full_and_only_the_own_teams(client, campaign, lead):
    letter(campaign)
    letter(make_campaign(team=make_team()))
    client.force_login(lead)
    page = client.get(reverse("callbacks:deliveries"))
    assert len(page.context["page"].rows) == 1
    assert "文三路 1 号" not in page.content.decode()


def test_results_are_reported_by_the_page(client, campaign, lead):
    now = timezone.now()
    tasks = [letter(campaign, now=now) for _number in range(2)]
    client.force_login(lead)
    data = {"task": [task.pk for task in tasks], "result": "sent", "day": timezone.localdate().isoformat()}
    assert client.post(reverse("callbacks:deliveries_report"), data).status_code == 302
    assert Delivery.objects.filter(state="sent").count() == 2
    stranger = make_user("lead", team=make_team())
    client.force_login(stranger)
    client.post(reverse("callbacks:deliveries_report"), data | {"result": "received"})
    assert not Delivery.objects.filter(state="received").exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"task": ["x"], "result": "sent", "day": "2026-11-01"},
        {"task": ["1"], "result": "silent", "day": "2026-11-01"},
        {"task": ["1"], "result": "sent", "day": "31.2."},
        {"task": ["99999999999999999999"], "result": "sent", "day": "2026-11-01"},
    ],
)
def test_nonsense_is_refused_with_words(client, lead, data):
    client.force_login(lead)
    assert client.post(reverse("callbacks:deliveries_report"), data).status_code == 422
    assert client.post(reverse("callbacks:address_sheet"), data).status_code == 422


def test_address_sheet_shows_addresses_and_is_recorded_as_an_export(client, campaign, lead):
    now = timezone.now()
    task, bare = letter(campaign, now=now), letter(campaign, now=now, address="")
    foreign = letter(make_campaign(team=make_team()), now=now, address="北京市朝阳区 9 号")
    client.force_login(lead)
    data = {"task": [task.pk, bare.pk, foreign.pk], "reason": "autumn letters"}
    page = client.post(reverse("callbacks:address_sheet"), data)
    text = page.content.decode()
    assert "文三路 1 号" in text
    assert "autumn letters" in text
    assert "朝阳区" not in text
    assert page.context["left_out"] == 1
    row = AccessLog.objects.get(action=AccessLog.Action.EXPORT)
    assert (row.user, row.reason, row.facts["rows"]) == (lead, "autumn letters", 1)
    assert row.facts["filters"] == {"tasks": [task.pk]}
    assert "文三路" not in str(row.facts)
    assert client.post(reverse("callbacks:address_sheet"), data | {"reason": " "}).status_code == 422
    assert AccessLog.objects.filter(action=AccessLog.Action.EXPORT).count() == 1
    assert client.get(reverse("callbacks:address_sheet")).status_code == 405


def test_agent_has_no_address_sheet_and_sees_only_own_visits(client, campaign):
    agent = make_agent(campaign.teams.get())
    own, _other = letter(campaign, channel="visit"), letter(campaign, channel="visit")
    Task.objects.filter(pk=own.pk).update(reserved_for=agent)
    client.force_login(agent)
    page = client.get(reverse("callbacks:deliveries"))
    assert [task.pk for task in page.context["page"].rows] == [own.pk]
    assert page.context["sheet"] is None
    assert (
        client.post(reverse("callbacks:address_sheet"), {"task": [own.pk], "reason": "x"}).status_code == 403
    )


def _postal(campaign, percent, people, **fields):
    for number in range(people):
        make_customer(client=campaign.client, team=campaign.teams.get(), phones=[], address=f"{number} 号")
    return make_policy(
        campaign,
        event_kind="",
        every_months=3,
        coverage_percent=percent,
        without_phone=True,
        channel="post",
        window=3,
        window_unit="months",
        **fields,
    )


def _drawn(policy, now):
    Task.objects.all().delete()
    apply_policy(policy=policy, now=now)
    return set(Task.objects.values_list("customer_id", flat=True))


@pytest.mark.parametrize(("percent", "drawn"), [(5, 2), (10, 4)])
def test_postal_sample_is_its_share_of_customers_with_an_address_and_no_phone(percent, drawn):
    campaign = make_campaign(client=make_client())
    policy = _postal(campaign, percent, 40, seed="autumn")
    make_customer(
        client=campaign.client, team=campaign.teams.get(), phones=["+8613900000001"], address="1 号"
    )
    make_customer(client=campaign.client, team=campaign.teams.get(), phones=[], address="")
    first = _drawn(policy, NOW)
    assert len(first) == drawn
    assert set(Task.objects.values_list("channel", flat=True)) == {"post"}
    assert _drawn(policy, NOW) == first


def test_next_period_draws_anew_by_the_same_seed():
    campaign = make_campaign(client=make_client())
    policy = _postal(campaign, 10, 40, seed="autumn")
    this, following = _drawn(policy, NOW), _drawn(policy, NOW + timedelta(days=92))
    assert len(following) == len(this)
    assert following != this
    assert _drawn(policy, NOW + timedelta(days=92)) == following


def test_open_letters_of_the_last_period_do_not_take_the_place_of_new_ones():
    campaign = make_campaign(client=make_client())
    policy = _postal(campaign, 10, 40, seed="autumn")
    apply_policy(policy=policy, now=datetime(2026, 12, 20, 4, tzinfo=UTC))
    before = set(Task.objects.values_list("pk", flat=True))
    apply_policy(policy=policy, now=datetime(2027, 1, 10, 4, tzinfo=UTC))
    new = set(Task.objects.exclude(pk__in=before).values_list("customer_id", flat=True))
    assert len(new) == 4


def paper(campaign, result="received", *, lead):
    """A letter that was answered; its questions: a score, why it is low, a suggestion if one likes."""
    campaign.questionnaire = make_why_version()
    campaign.save()
    task = letter(campaign)
    report(task, "sent", by=lead)
    report(task, result, by=lead, at=NOW + timedelta(days=4), now=NOW + timedelta(days=5))
    return task, [str(item.pk) for item in campaign.questionnaire.items.order_by("position")]


def test_answers_on_paper_are_written_down_once_with_what_follows_from_them(client, campaign, lead):
    task, (score, why, more) = paper(campaign, lead=lead)
    url = reverse("callbacks:paper", args=[task.pk])
    client.force_login(lead)
    page = client.get(url).content.decode()
    assert f'name="q{score}"' in page
    assert f'name="q{why}"' not in page
    answer = client.post(url, {f"q{score}": "2", "seen": [score, more]})
    assert answer.status_code == 200
    assert f'name="q{why}"' in answer.content.decode()
    assert not Response.objects.exists()
    data = {f"q{score}": "2", f"q{why}": ["a", "c"], f"q{more}": "材料反复补", "seen": [score, why, more]}
    assert client.post(url, data).status_code == 302
    response = Response.objects.get()
    assert (response.channel, response.complete, response.customer) == ("post", True, task.customer)
    assert Delivery.objects.get().response == response
    shown = client.get(url).content.decode()
    assert "材料反复补" in shown
    assert "option a, option c" in shown
    with pytest.raises(Conflict):
        record_paper_answers(task=task, answers={}, blank=True, by=lead, now=NOW + timedelta(days=6))
    assert Response.objects.count() == 1


def test_what_is_empty_on_paper_is_declined_only_when_said(client, campaign, lead):
    task, (score, why, more) = paper(campaign, lead=lead)
    url = reverse("callbacks:paper", args=[task.pk])
    client.force_login(lead)
    data = {f"q{score}": "2", "seen": [score, why, more]}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, f"q{score}": "9", "blank": "1"}).status_code == 422
    assert client.post(url, {**data, "blank": "1"}).status_code == 302
    answers = Response.objects.get().answers
    assert answers.get(item=why).refused
    assert not answers.filter(item=more, asked=True).exists()


def test_no_answers_without_a_reply_a_questionnaire_or_the_right_team(client, campaign, lead):
    task, _names = paper(campaign, "returned", lead=lead)
    url = reverse("callbacks:paper", args=[task.pk])
    client.force_login(lead)
    assert client.get(url).status_code == 404
    with pytest.raises(Refused):
        record_paper_answers(task=task, answers={}, blank=True, by=lead, now=NOW)
    report(task, "sent", by=lead, now=NOW + timedelta(days=6), at=NOW + timedelta(days=6))
    report(task, "received", by=lead, now=NOW + timedelta(days=7), at=NOW + timedelta(days=7))
    assert client.get(url).status_code == 200
    client.force_login(make_user("lead", team=make_team()))
    assert client.get(url).status_code == 404
    campaign.questionnaire = None
    campaign.save()
    client.force_login(lead)
    assert client.get(url).status_code == 404
    assert "answers/" not in client.get(reverse("callbacks:deliveries") + "?tab=over").content.decode()
