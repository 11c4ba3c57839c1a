"""What a campaign adds to the rules of results: its own retries, limits, hours, its pause, its end and its next wave (CAM-1)."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import begin_call, cancel_tasks, claim_next, open_wave, release_due
from callbacks.models import Task
from callbacks.tests.make import (
    NOW,
    disposition,
    make_agent,
    make_campaign,
    make_claimed,
    make_customer,
    make_task,
    make_team,
)
from callbacks.tests.test_calls import dial, finish
from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.workflow import IllegalMove
from campaigns.actions import (
    archive_campaign,
    copy_campaign,
    finish_campaign,
    pause_campaign,
    resume_campaign,
    set_attempt_rules,
)
from campaigns.models import AttemptRule
from customers.tests.make import make_user
from messaging.actions import send_due
from messaging.models import Message
from messaging.tests.make import make_message, make_reachable, make_version

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def agent():
    return make_agent(make_team())


def call_and_finish(agent, task, code, *, now=NOW, phone=None):
    """A call of a minute with its result."""
    dial(task, agent, now=now, phone=phone)
    return finish(task, agent, code, now=now + MINUTE)


def campaign_of(agent, **fields):
    return make_campaign(team=agent.memberships.get().team, **fields)


def rule(campaign, code, **fields):
    values = {"retry": "delay", "retry_seconds": 600} | fields
    return AttemptRule.objects.create(campaign=campaign, disposition=disposition(code), **values)


def test_campaigns_own_delay_replaces_that_of_the_result(agent):
    campaign = campaign_of(agent)
    rule(campaign, "BUSY", retry_seconds=2_700)
    task = make_claimed(agent, campaign)
    call_and_finish(agent, task, "BUSY")
    task.refresh_from_db()
    assert (task.state, task.due_at) == ("planned", NOW + MINUTE + timedelta(seconds=2_700))


def test_result_that_came_often_enough_ends_the_task(agent):
    campaign = campaign_of(agent, max_attempts=9)
    rule(campaign, "BUSY", maximum=2)
    now = NOW
    for expected in ("planned", "done"):
        if expected == "done":
            release_due(now=now)
        task = make_claimed(agent, campaign) if now == NOW else claim_next(agent=agent, now=now)
        call_and_finish(agent, task, "BUSY", now=now)
        task.refresh_from_db()
        assert task.state == expected
        now = task.due_at + timedelta(minutes=10)
    assert task.disposition.code == "EXH"


def test_no_retry_for_a_result_closes_the_task_with_it(agent):
    campaign = campaign_of(agent)
    rule(campaign, "BUSY", retry="", retry_seconds=0)
    task = make_claimed(agent, campaign)
    call_and_finish(agent, task, "BUSY")
    task.refresh_from_db()
    assert (task.state, task.disposition.code) == ("done", "BUSY")


def test_delay_becomes_another_part_of_the_day_where_the_campaign_says_so(agent):
    task = make_claimed(agent, campaign_of(agent, other_part=True))
    call_and_finish(agent, task, "BUSY")
    task.refresh_from_db()
    # Dialled at ten in the morning: the afternoon begins at 13:30.
    assert timezone.localtime(task.due_at).time() == time(13, 30)


def test_number_is_dialled_no_oftener_than_the_campaign_allows(agent):
    campaign = campaign_of(agent, max_attempts=9, max_per_number=1)
    customer = make_customer(
        client=campaign.client, team=campaign.teams.get(), phones=["+8613900000001", "+8613900000002"]
    )
    task = make_claimed(agent, campaign, customer=customer)
    first = customer.phones.get(number="+8613900000001")
    call_and_finish(agent, task, "BUSY", phone=first)
    now = NOW + timedelta(hours=1)
    release_due(now=now)
    task = claim_next(agent=agent, now=now)
    with pytest.raises(Refused) as refused:
        begin_call(task_id=task.pk, agent=agent, token=task.token, phone_id=first.pk, now=now)
    assert refused.value.code == "number_used_up"
    call_and_finish(agent, task, "BUSY", now=now, phone=customer.phones.get(number="+8613900000002"))
    task.refresh_from_db()
    assert (task.state, task.disposition.code) == ("done", "EXH")


@pytest.mark.parametrize(("reset", "state"), [(True, "planned"), (False, "done")])
def test_attempts_count_anew_once_somebody_was_reached(agent, reset, state):
    campaign = campaign_of(agent, max_attempts=2, reset_when_reached=reset)
    task = make_claimed(agent, campaign)
    now = NOW
    for code in ("BUSY", "LANG"):
        call_and_finish(agent, task, code, now=now)
        now += timedelta(hours=5)
        release_due(now=now)
        task = claim_next(agent=agent, now=now) or Task.objects.get()
    if reset:
        assert (task.state, task.attempts) == ("claimed", 0)
    else:
        assert (task.state, task.disposition.code) == ("done", "EXH")


def test_nobody_is_called_outside_the_campaigns_hours(agent):
    campaign = campaign_of(agent, calls_from=time(14), calls_until=time(16))
    task = make_task(campaign)
    assert claim_next(agent=agent, now=NOW) is None
    assert Task.objects.get().state == "planned"
    afternoon = NOW + timedelta(hours=5)
    release_due(now=afternoon)
    assert claim_next(agent=agent, now=afternoon).pk == task.pk
    begin = {"task_id": task.pk, "agent": agent, "phone_id": task.customer.phones.get().pk}
    token = Task.objects.get().token
    with pytest.raises(Refused, match="from 14:00 to 16:00") as refused:
        begin_call(**begin, token=token, now=NOW + timedelta(hours=7))
    assert refused.value.facts["reasons"] == ["campaign_hours"]
    assert refused.value.facts["next_at"].startswith("2026-03-05T06:00")


def test_paused_campaign_sends_nothing_and_loses_nothing(agent):
    campaign = campaign_of(agent)
    version = make_version()
    waiting = make_message(make_reachable(), version, campaign_code=campaign.code)
    pause_campaign(campaign=campaign, by=None, now=NOW)
    later = make_message(make_reachable(), version, campaign_code=campaign.code)
    other = make_message(make_reachable(), version, campaign_code="OTHER")
    send_due(now=NOW + MINUTE)
    found = Message.objects.in_bulk([waiting.pk, later.pk, other.pk])
    assert [found[row.pk].state for row in (waiting, later)] == ["queued", "queued"]
    assert found[other.pk].state in ("sent", "delivered")
    resume_campaign(campaign=campaign, by=None, now=NOW + 2 * MINUTE)
    send_due(now=NOW + 3 * MINUTE)
    assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "delivered"}


def test_message_in_a_senders_hands_goes_back_when_its_campaign_pauses(agent, monkeypatch):
    from messaging.actions import sending

    campaign = campaign_of(agent)
    message = make_message(make_reachable(), make_version(), campaign_code=campaign.code)
    take = sending._take

    def take_and_pause(*given):
        take(*given)
        pause_campaign(campaign=campaign, by=None, now=NOW)

    monkeypatch.setattr(sending, "_take", take_and_pause)
    send_due(now=NOW + MINUTE)
    message.refresh_from_db()
    assert (message.state, message.held, message.attempts, message.contact) == ("failed", True, 0, None)


def test_paused_batch_stays_paused_when_its_campaign_goes_on(agent):
    from messaging.tests.test_batches import make_batch

    campaign = campaign_of(agent)
    lead = make_user(Role.LEAD, team=agent.memberships.get().team)
    batch = make_batch(lead, campaign_code=campaign.code)
    message = make_message(make_reachable(), batch.version, campaign_code=campaign.code)
    Message.objects.filter(pk=message.pk).update(batch=batch, held=True)
    type(batch).objects.filter(pk=batch.pk).update(state="paused")
    pause_campaign(campaign=campaign, by=None, now=NOW)
    resume_campaign(campaign=campaign, by=None, now=NOW)
    message.refresh_from_db()
    assert message.held


def test_message_of_a_cancelled_task_never_goes_out(agent):
    campaign = campaign_of(agent)
    task = make_task(campaign, channel="sms", ready=False)
    message = make_message(make_reachable(), make_version(), campaign_code=campaign.code)
    Task.objects.filter(pk=task.pk).update(message=message)
    assert cancel_tasks(Task.objects.filter(pk=task.pk), by=None, now=NOW, note="") == 1
    send_due(now=NOW + MINUTE)
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_archived_campaign_ends_what_still_waits(agent):
    campaign = campaign_of(agent)
    task = make_task(campaign)
    message = make_message(make_reachable(), make_version(), campaign_code=campaign.code)
    finish_campaign(campaign=campaign, by=None, now=NOW)
    release_due(now=NOW)
    task.refresh_from_db()
    assert task.state == "ready"
    archive_campaign(campaign=campaign, by=None, now=NOW)
    release_due(now=NOW)
    task.refresh_from_db()
    message.refresh_from_db()
    assert (task.state, message.state) == ("cancelled", "cancelled")


def ended(campaign, code, **fields):
    task = make_task(campaign, ready=False)
    values = {"state": "done", "closed_at": NOW, "attempts": 3, "disposition": disposition(code)} | fields
    Task.objects.filter(pk=task.pk).update(**values)
    return task


def test_wave_works_chosen_results_again_and_keeps_what_was(agent):
    campaign = campaign_of(agent)
    exhausted, _completed, _kept = ended(campaign, "EXH"), ended(campaign, "DONE"), ended(campaign, "EXH")
    make_task(campaign, customer=_kept.customer, ready=False)
    finish_campaign(campaign=campaign, by=None, now=NOW)
    assert open_wave(campaign=campaign, results=[disposition("EXH")], by=None, now=NOW) == 1
    new = Task.objects.latest("id")
    assert (new.customer, new.account, new.queue) == (
        exhausted.customer,
        exhausted.account,
        exhausted.queue,
    )
    assert (new.state, new.attempts, new.deadline, new.reason) == ("planned", 0, None, "Wave 2")
    assert new.steps.get().note == "Wave 2"
    exhausted.refresh_from_db()
    campaign.refresh_from_db()
    assert (exhausted.state, exhausted.attempts) == ("done", 3)
    assert (campaign.state, campaign.wave, campaign.steps.latest("id").note) == ("running", 2, "Wave 2")
    release_due(now=NOW)
    with pytest.raises(IllegalMove):
        open_wave(campaign=campaign, results=[disposition("EXH")], by=None, now=NOW)
    finish_campaign(campaign=campaign, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        open_wave(campaign=campaign, results=[disposition("EXH")], by=None, now=NOW)
    assert refused.value.code == "nobody_left"
    campaign.refresh_from_db()
    assert (campaign.state, campaign.wave) == ("finished", 2)


def test_page_says_what_is_left_and_opens_the_wave(client, agent, django_assert_num_queries):
    campaign = campaign_of(agent, state="finished")
    for code in ("EXH", "NA", "DNC"):
        ended(campaign, code)
    make_task(campaign, ready=False)
    client.force_login(make_user(Role.MANAGER, unit=campaign.teams.get().unit))
    url = reverse("callbacks:campaign_left", args=[campaign.pk])
    client.get(url)
    with django_assert_num_queries(10):
        page = client.get(url).content.decode()
    assert page.count('name="results"') == 2
    assert "planned 1" in page
    wave = reverse("callbacks:open_wave", args=[campaign.pk])
    assert client.post(wave, {"results": ["x", "999999999999999999999"]}).status_code == 422
    assert client.post(wave, {"results": [disposition("DNC").pk]}).status_code == 422
    answer = client.post(wave, {"results": [disposition("EXH").pk, disposition("NA").pk]}, follow=True)
    assert "2 tasks are planned" in answer.content.decode()
    client.force_login(make_user(Role.LEAD, team=make_team()))
    assert client.get(url).status_code == 404


def test_attempt_rules_page_saves_only_what_differs(client, agent):
    campaign = campaign_of(agent)
    client.force_login(make_user(Role.MANAGER, unit=campaign.teams.get().unit))
    url = reverse("campaigns:attempt_rules", args=[campaign.pk])
    busy, gate, none = disposition("BUSY"), disposition("GATE"), disposition("NA")
    data = {
        f"retry_{busy.pk}": "other_part",
        f"minutes_{busy.pk}": "30",
        f"maximum_{gate.pk}": "2",
        f"retry_{none.pk}": "none",
    }
    assert client.post(url, data).status_code == 302
    found = campaign.attempt_rules.order_by("disposition__position")
    assert [(r.disposition.code, r.retry, r.retry_seconds, r.maximum) for r in found] == [
        ("NA", "", 7_200, None),
        ("BUSY", "other_part", 1_800, None),
        ("GATE", "delay", 7_200, 2),
    ]
    page = client.get(url).content.decode()
    assert 'value="30"' in page
    assert client.post(url, {f"minutes_{busy.pk}": "-1"}).status_code == 200
    assert campaign.attempt_rules.count() == 3
    client.post(url, {})
    assert not campaign.attempt_rules.exists()


def test_copy_takes_the_attempt_rules_but_not_the_wave(agent):
    campaign = campaign_of(agent, wave=3)
    set_attempt_rules(
        campaign=campaign,
        rules=[AttemptRule(disposition=disposition("BUSY"), retry="delay", retry_seconds=60)],
        by=make_user(Role.ADMIN),
        now=NOW,
    )
    copy = copy_campaign(campaign=campaign, code="COPY", name="x", by=make_user(Role.ADMIN), now=NOW)
    assert (copy.wave, copy.attempt_rules.get().retry_seconds) == (1, 60)
