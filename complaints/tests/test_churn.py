"""Churn warnings: each rule, what the nights add and end, retention tasks, settling (CUS-10)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from callbacks.actions import plan_task
from callbacks.models import Task
from callbacks.states import TaskState
from callbacks.tests.make import disposition, make_campaign
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.models import Job
from callcenter.workflow import IllegalMove
from complaints.actions import churn as actions
from complaints.models import ChurnReason, ChurnRule, ChurnWarning, Complaint
from complaints.queries.churn import found_by, reason_sentence, warning_list
from complaints.states import WarningState
from complaints.tests.make import make_complaint, make_floor
from customers.actions import block, record_event
from customers.tests.make import NOW, make_client, make_customer
from surveys.tests.make import make_response, make_version

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONTRACT = {"kind": "contract_end", "event_kind": "contract_expiry", "field": "ends_on", "days": 30}
SPEND = {"kind": "spend_down", "event_kind": "purchase", "field": "amount", "percent": 50}
SCORES = {"kind": "low_scores", "times": 2, "days": 90, "score": 2}


@pytest.fixture
def floor():
    disposition("CANCEL")
    return make_floor()


def rule(**fields):
    return ChurnRule.objects.create(**{"name": "规则", **fields})


def found(made, *, now=NOW):
    return dict(found_by(made, now=now))


def event(customer, kind="contract_expiry", *, at=NOW - DAY, **facts):
    number = customer.events.count()
    record_event(
        customer=customer,
        kind=kind,
        external_id=f"{customer.pk}-{number}",
        occurred_at=at,
        facts=facts,
        now=NOW,
    )


def bought(customer, *amounts_by_days):
    for days, amount in amounts_by_days:
        event(customer, "purchase", at=NOW - days * DAY, amount=amount)


def warned(floor, **fields):
    """A customer of the floor with one open warning, by an open complaint."""
    rule(kind="complaints", times=1)
    customer = floor.customer(**fields)
    make_complaint(floor, customer=customer)
    actions.warn_of_churn(now=NOW)
    return ChurnWarning.objects.get(customer=customer)


@pytest.mark.parametrize(
    ("ends", "seen"),
    [
        (["2026-03-04"], True),  # today
        (["2026-04-03"], True),  # the thirtieth day
        (["2026-04-04"], False),
        (["2026-03-03"], False),  # over already
        (["2026-03-20", "2027-03-20"], False),  # renewed meanwhile
        (["soon"], False),
        ([20260320], False),
        ([None], False),
        (["2026-03-20T00:00:00+08:00"], True),
    ],
)
def test_contract_that_ends_soon_by_its_event(floor, ends, seen):
    customer = floor.customer()
    for date in ends:
        event(customer, ends_on=date)
    event(floor.customer(), "other_kind", ends_on="2026-03-20")
    assert (customer.pk in found(rule(**CONTRACT))) is seen
    assert len(found(ChurnRule.objects.get())) == seen


def test_contract_that_ends_soon_by_a_field_of_the_customer(floor):
    soon = floor.customer(custom={"合同到期": "2026-03-20"})
    floor.customer(custom={"合同到期": "2026-09-20"})
    floor.customer(custom={"合同到期": ""})
    floor.customer(custom={"合同到期": "2026-03-20"}, restriction="erased")
    made = rule(**CONTRACT | {"event_kind": "", "field": "合同到期"})
    assert found(made) == {soon.pk: {"ends_on": "2026-03-20"}}


@pytest.mark.parametrize(
    ("bills", "facts"),
    [
        # 300 in the three months before: 100 a month on average
        ([(100, "100"), (70, "100"), (40, "100"), (10, "50.00")], ("50.00", "100.00", 50)),
        ([(100, "100"), (70, "100"), (40, "100"), (10, "50.01")], None),
        ([(100, "100"), (70, "100"), (40, "100")], ("0.00", "100.00", 100)),
        ([(100, 100), (70, 100.5), (40, 99.5), (10, 49.99)], ("49.99", "100.00", 50)),
        ([(30, "90"), (10, "1")], ("1.00", "30.00", 96)),  # the thirtieth day ago is before
        ([(121, "900"), (10, "1")], None),  # too long ago to count
        ([(40, "19.99"), (10, "3.33")], ("3.33", "6.66", 50)),  # cents, not floats
        ([(40, "much"), (41, "1e5"), (42, "-5"), (43, "")], None),
        ([(10, "500")], None),
    ],
)
def test_spend_that_falls_against_the_average_of_three_months(floor, bills, facts):
    customer = floor.customer()
    bought(customer, *bills)
    made = found(rule(**SPEND))
    assert made == (
        {}
        if facts is None
        else {customer.pk: dict(zip(["recent", "average", "percent"], facts, strict=True))}
    )


def replies(customer, version, *scores):
    """One reply a day, the last one today; several scores of one reply as a tuple."""
    for back, score in enumerate(reversed(scores)):
        answers = [str(each) for each in (score if isinstance(score, tuple) else (score, score))]
        make_response(version, answers, customer=customer, now=NOW - back * DAY)


@pytest.mark.parametrize(
    ("scores", "in_a_row", "seen"),
    [
        ((2, 1), True, True),
        ((2, 5), True, False),
        ((1, 5, 1), True, False),
        ((1, 5, 1), False, True),
        ((5, 2, 2), True, True),
        (((1, 3), (2, 2)), True, True),
        (((1, 4), (2, 2)), True, False),
        ((1,), True, False),
    ],
)
def test_low_scores_in_a_row_or_within_the_days(floor, scores, in_a_row, seen):
    version = make_version("scale5", "scale5")
    customer = floor.customer()
    replies(customer, version, *scores)
    made = found(rule(**SCORES, in_a_row=in_a_row))
    assert (customer.pk in made) is seen
    if seen:
        assert made[customer.pk] == {"count": 2, "score": "2.0", "last_on": "2026-03-04"}


def test_scores_before_the_days_and_incomplete_replies_do_not_count(floor):
    version = make_version("scale5")
    old, partly = floor.customer(), floor.customer()
    for days in (91, 100):
        make_response(version, ["1"], customer=old, now=NOW - days * DAY)
    for days in (1, 2):
        make_response(version, ["1"], customer=partly, now=NOW - days * DAY, complete=False)
    assert found(rule(**SCORES)) == {}


def test_open_complaints_are_counted(floor):
    twice, once, closed = floor.customer(), floor.customer(), floor.customer()
    for customer in (twice, twice, once, closed, closed):
        make_complaint(floor, customer=customer)
    Complaint.objects.filter(customer=closed).update(state="archived", callback_satisfied=True)
    assert found(rule(kind="complaints", times=2)) == {twice.pk: {"count": 2}}


def test_rule_of_a_client_speaks_of_its_customers_only(floor):
    own, other = floor.customer(), make_customer(client=make_client())
    version = make_version("scale5")
    for customer in (own, other):
        event(customer, ends_on="2026-03-20")
        bought(customer, (40, "100"))
        replies(customer, version, (1,), (1,))
        make_complaint(floor, customer=customer)
    for fields in (CONTRACT, SPEND, SCORES, {"kind": "complaints", "times": 1}):
        assert set(found(rule(**fields, client=floor.client))) == {own.pk}
        assert set(found(rule(**fields))) == {own.pk, other.pk}


def test_every_reason_has_its_sentence(floor, english):
    customer = floor.customer()
    event(customer, ends_on="2026-03-20")
    bought(customer, (40, "100"))
    replies(customer, make_version("scale5"), (1,), (1,))
    make_complaint(floor, customer=customer)
    for fields in (CONTRACT, SPEND, SCORES, {"kind": "complaints", "times": 1}):
        rule(**fields)
    looked = actions.warn_of_churn(now=NOW)
    assert (looked.signs, looked.opened) == (4, 1), "four signs, one warning"
    sentences = [reason_sentence(reason) for reason in ChurnReason.objects.order_by("rule_id")]
    assert sentences == [
        "The contract ends on 2026-03-20.",
        "Spent 0.00 in the last 30 days, 100 % less than the monthly average 33.33 before.",
        "2 replies with a mean of 2.0 or lower; the last one 2026-03-04.",
        "Open complaints: 1.",
    ]


def test_looking_again_changes_nothing_and_refreshes_the_facts(floor):
    warning = warned(floor)
    make_complaint(floor, customer=warning.customer)
    looked = actions.warn_of_churn(now=NOW + DAY)
    assert (looked.opened, ChurnWarning.objects.count(), ChurnReason.objects.count()) == (0, 1, 1)
    assert ChurnReason.objects.get().facts == {"count": 2}
    warning.refresh_from_db()
    assert (warning.opened_at, warning.seen_at) == (NOW, NOW + DAY)
    assert [step.to_state for step in warning.steps.all()] == ["open"]


def test_warning_whose_reasons_are_gone_is_over_and_may_come_again(floor):
    warning = warned(floor)
    Complaint.objects.update(state="archived", callback_satisfied=True)
    assert actions.warn_of_churn(now=NOW + DAY).over == 1
    warning.refresh_from_db()
    assert (warning.state, warning.closed_at) == (WarningState.OVER, NOW + DAY)
    make_complaint(floor, customer=warning.customer)
    assert actions.warn_of_churn(now=NOW + 2 * DAY).opened == 1


def test_rule_out_of_use_takes_its_reasons_along(floor):
    warning = warned(floor)
    ChurnRule.objects.update(active=False)
    actions.warn_of_churn(now=NOW + DAY)
    warning.refresh_from_db()
    assert warning.state == WarningState.OVER


def test_settled_warning_keeps_its_rule_silent_for_the_quiet_days(floor):
    warning = warned(floor)
    actions.settle_warning(warning=warning, to=WarningState.DISMISSED, by=floor.lead, now=NOW, reason="误报")
    assert actions.warn_of_churn(now=NOW + 89 * DAY).opened == 0
    assert actions.warn_of_churn(now=NOW + 91 * DAY).opened == 1


def test_another_rule_is_not_silenced(floor):
    warning = warned(floor)
    actions.settle_warning(warning=warning, to=WarningState.DISMISSED, by=floor.lead, now=NOW, reason="误报")
    event(warning.customer, ends_on="2026-03-20")
    rule(**CONTRACT)
    assert actions.warn_of_churn(now=NOW + DAY).opened == 1
    kinds = ChurnWarning.objects.unsettled().get().reasons.values_list("kind", flat=True)
    assert list(kinds) == ["contract_end"]


def retention(floor, **fields):
    values = {"team": floor.team, "client": floor.client, "kind": "retention"} | fields
    return make_campaign(**values)


def make_tasks(floor, campaign, *, now=NOW, by=None):
    return actions.make_retention_tasks(
        ChurnWarning.objects.all(), campaign=campaign, by=by or floor.lead, now=now
    )


def test_retention_tasks_are_made_once_with_the_reasons(floor, english):
    warning, campaign = warned(floor), retention(floor)
    made = make_tasks(floor, campaign)
    assert (made.made, made.already, made.refused) == (1, 0, {})
    task = Task.objects.get(kind="retention")
    assert (task.customer, task.campaign, task.reason) == (warning.customer, campaign, "Open complaints: 1.")
    warning.refresh_from_db()
    assert (warning.state, warning.task) == (WarningState.TASK_MADE, task)
    assert make_tasks(floor, campaign).made == 0
    assert Task.objects.filter(kind="retention").count() == 1


def test_customer_has_one_open_retention_task_by_constraint(floor):
    warning, campaign, other = warned(floor), retention(floor), retention(floor)
    values = {"customer": warning.customer, "kind": "retention", "due_at": NOW, "deadline": None, "now": NOW}
    task, _made = plan_task(campaign=other, source="by hand", **values)
    made = make_tasks(floor, campaign)
    assert (made.made, made.already) == (0, 1)
    warning.refresh_from_db()
    assert warning.task == task
    again, created = plan_task(campaign=campaign, source="another", **values)
    assert (again, created) == (task, False)
    task.pk = None
    task.source = "beside the action"
    with pytest.raises(IntegrityError), transaction.atomic():
        task.save(force_insert=True)
    Task.objects.update(state=TaskState.CANCELLED)
    assert plan_task(campaign=campaign, source="later", **values)[1]


def test_customers_who_may_not_be_called_get_no_task_and_are_counted(floor):
    rule(kind="complaints", times=1)
    listed, erased, foreign = (
        floor.customer(),
        floor.customer(),
        make_customer(team=floor.team, client=make_client()),
    )
    silent = floor.customer(phones=[])
    for customer in (listed, erased, foreign, silent):
        make_complaint(floor, customer=customer)
    actions.warn_of_churn(now=NOW)
    block(customer=listed, category="asked", reason="x", by=None, now=NOW)
    type(erased).objects.filter(pk=erased.pk).update(restriction="legal_hold")
    made = make_tasks(floor, retention(floor))
    assert made.made == 0
    assert made.refused == {"blacklisted": 1, "customer_restricted": 1, "no_number": 1, "other_client": 1}
    assert not Task.objects.exists()


def test_hours_do_not_keep_a_task_from_being_planned(floor):
    warned(floor)
    night = NOW.replace(hour=15)  # 23:00 in Shanghai
    assert make_tasks(floor, retention(floor), now=night).made == 1


@pytest.mark.parametrize("fields", [{"kind": "survey"}, {"state": "paused"}])
def test_tasks_need_a_running_retention_campaign(floor, fields):
    warned(floor)
    with pytest.raises(Refused) as refused:
        make_tasks(floor, retention(floor, **fields))
    assert refused.value.code == "campaign_idle"


@pytest.mark.parametrize(
    ("state", "code", "to"),
    [
        ("done", "SALE", "retained"),
        ("done", "REFUSE", "lost"),
        ("done", "DNC", "lost"),
        ("done", "EXH", "open"),
        ("cancelled", "CANCEL", "open"),
        ("done", "NOSALE", "task_made"),
        ("ready", None, "task_made"),
        ("planned", "NA", "task_made"),
    ],
)
def test_what_the_task_came_to_settles_the_warning(floor, state, code, to):
    warning = warned(floor)
    make_tasks(floor, retention(floor))
    found = disposition(code) if code else None
    Task.objects.filter(kind="retention").update(state=state, disposition=found)
    actions.settle_by_tasks(now=NOW + DAY)
    warning.refresh_from_db()
    assert warning.state == to
    assert (warning.closed_at == NOW + DAY) is (to in ("retained", "lost"))


def test_task_that_came_to_nothing_can_be_made_again(floor):
    warned(floor)
    campaign = retention(floor)
    make_tasks(floor, campaign)
    Task.objects.filter(kind="retention").update(state="cancelled", disposition=disposition("CANCEL"))
    actions.settle_by_tasks(now=NOW + DAY)
    assert make_tasks(floor, campaign, now=NOW + DAY).made == 1
    assert Task.objects.filter(kind="retention").count() == 2


@pytest.mark.parametrize("to", ["dismissed", "retained", "lost"])
def test_settling_takes_a_reason_and_cancels_the_waiting_task(floor, to):
    warning = warned(floor)
    make_tasks(floor, retention(floor))
    warning.refresh_from_db()
    with pytest.raises(Refused):
        actions.settle_warning(warning=warning, to=to, by=floor.lead, now=NOW, reason=" ")
    actions.settle_warning(warning=warning, to=to, by=floor.lead, now=NOW, reason="客户已续约")
    assert Task.objects.get(kind="retention").state == TaskState.CANCELLED
    step = warning.steps.order_by("-id").first()
    assert (step.to_state, step.note, step.by) == (to, "客户已续约", floor.lead)
    with pytest.raises(IllegalMove):
        actions.settle_warning(warning=warning, to="lost", by=floor.lead, now=NOW, reason="x")


def test_usual_rules_are_added_once_and_work(floor):
    assert actions.add_usual_rules() == 4
    assert actions.add_usual_rules() == 0
    make_complaint(floor)
    assert actions.warn_of_churn(now=NOW).opened == 1


def test_command_and_job_look_as_the_night_does(floor, capsys):
    warned(floor)
    make_complaint(floor)
    call_command("warn_of_churn")
    assert "1 opened" in capsys.readouterr().out
    make_complaint(floor)
    actions.look_now(by=floor.lead, now=NOW)
    job = jobs.run_now(Job.objects.get())
    assert job.result["opened"] == 1
    assert job.state == "done"


@pytest.mark.parametrize("how_many", [1, 3])
def test_look_asks_as_many_queries_for_one_customer_as_for_three(floor, how_many, django_assert_num_queries):
    rule(kind="complaints", times=1)
    for _number in range(how_many):
        make_complaint(floor)
    with django_assert_num_queries(27):
        actions.warn_of_churn(now=NOW)


def test_warnings_show_in_scope_only(floor):
    warning = warned(floor)
    stranger = make_floor()
    for user, seen in (
        (floor.lead, True),
        (floor.handler, True),
        (floor.agent, False),
        (stranger.lead, False),
    ):
        assert (warning in warning_list(user)) is seen
    assert list(warning_list(floor.lead, kind="contract_end")) == []
    assert list(warning_list(floor.lead, client=make_client())) == []
    assert list(warning_list(floor.lead, kind="complaints", client=floor.client, key_customer=False)) == [
        warning
    ]
    assert list(warning_list(floor.lead, tab="task_made")) == []


def test_a_reason_whose_facts_are_erased_is_told_by_its_kind():
    reason = ChurnReason(kind=ChurnRule.Kind.COMPLAINTS, facts={})
    assert reason_sentence(reason) == str(reason.get_kind_display())
