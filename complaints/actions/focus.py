"""Focus issues: opened by the report that crosses the threshold, resolved by the department's head (ISS-5)."""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callbacks.actions import plan_task
from callbacks.models import Task
from callbacks.states import TaskState
from callcenter import sweeps
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from callcenter.workflow import advance, advance_all
from complaints.actions.escalation import STOPPED
from complaints.actions.issues import send_to_department
from complaints.actions.second_contacts import PRIORITY, cancel_contacts
from complaints.models import FocusCall, FocusIssue, Issue, ProblemPoint
from complaints.queries.focus import customers_since_reset
from complaints.queries.people import levels_of
from complaints.rules import second_contact as contact_rule
from complaints.rules.escalation import HEAD, issue_deadline
from complaints.rules.focus import becomes_focus, callback_sample, reopens
from complaints.states import FOCUS_UNRESOLVED, FocusState, IssueState
from people.models import User
from people.queries import department_contact, work_calendar

# The head has as long as an important issue: 3 working days.
HEAD_URGENCY = "important"


def unresolved_focus(point) -> FocusIssue | None:
    """The focus issue under which reports of ``point`` are collected now."""
    return FocusIssue.objects.filter(problem_point=point, state__in=FOCUS_UNRESOLVED).first()


def open_if_crossed(point, *, now) -> FocusIssue | None:
    """Open a focus issue when more customers than the point's threshold have reported it.

    The caller holds the lock of the point's row, so the count is exact and the opening happens once; a constraint
    stands behind it. Agents are told what to say, the head is asked for a solution, second contacts stop.
    """
    already_open = FocusIssue.objects.filter(problem_point=point).open().exists()
    customers = 0 if already_open else customers_since_reset(point, now=now)
    if not becomes_focus(customers, threshold=point.focus_threshold, already_open=already_open):
        return None
    head = department_contact(point.department, HEAD) if point.department_id else None
    focus = FocusIssue.objects.create(
        problem_point=point,
        department=point.department,
        customers=customers,
        threshold=point.focus_threshold,
        opened_at=now,
        head=head,
        due_at=issue_deadline(HEAD_URGENCY, now, work_calendar()),
    )
    _collect(focus, now)
    advance(focus, FocusState.WITH_HEAD, by=None, at=now)
    _announce(focus, gettext_noop("Focus issue: %(point)s. Read what to tell customers."), "opened", now)
    return focus


def _collect(focus, now):
    issues = Issue.objects.filter(problem_point=focus.problem_point_id).exclude(
        state__in=[IssueState.SOLVED, IssueState.FOCUS]
    )
    cancel_contacts(issues=issues, by=None, now=now, note="focus_issue")
    advance_all(issues, IssueState.FOCUS, by=None, at=now, note=f"focus:{focus.pk}", **STOPPED)


def _announce(focus, text, key, now):
    told = list(User.objects.holding(Role.AGENT, Role.LEAD, Role.MANAGER).order_by("id"))
    if focus.head and focus.head not in told:
        told.append(focus.head)
    notify(
        told,
        text,
        key=f"focus:{focus.pk}:{focus.round}:{key}",
        now=now,
        url=reverse("complaints:focus_detail", args=[focus.pk]),
        level=Notification.Level.URGENT,
        point=str(focus.problem_point),
    )


@transaction.atomic
def publish_notice(*, focus, notice, by, now) -> FocusIssue:
    """Set the agreed answer that agents give customers while the focus issue is open."""
    if not notice.strip():
        raise Refused(
            _("The answer for customers is empty."), fields={"notice": [_("Say what agents tell customers.")]}
        )
    changed = FocusIssue.objects.filter(pk=focus.pk).open().update(notice=notice.strip())
    if not changed:
        raise Conflict(_("This focus issue is closed."), code="focus_closed")
    focus.refresh_from_db()
    text = gettext_noop("Focus issue: %(point)s. The answer for customers has changed.")
    _announce(focus, text, f"notice:{now:%Y%m%d%H%M%S}", now)
    return focus


@transaction.atomic
def resolve_focus(*, focus, by, resolution, now) -> FocusIssue:
    """The department's head says how the problem was solved; a sample of the customers is called back and thanked.

    Customers outside the sample count as solved. New reports are counted afresh from now on. Raises ``Refused`` unless
    ``by`` answers for the department as its head.
    """
    if not (by.scope().everything or HEAD in levels_of(by, focus.department_id)):
        raise Refused(
            _("Only the head of the responsible department resolves a focus issue."), code="head_only"
        )
    if not resolution.strip():
        raise Refused(
            _("Say how the problem was solved."), fields={"resolution": [_("Say how it was solved.")]}
        )
    ProblemPoint.objects.select_for_update(no_key=True).get(pk=focus.problem_point_id)
    focus = (
        FocusIssue.objects.select_related("problem_point").select_for_update(of=("self",)).get(pk=focus.pk)
    )
    advance(
        focus,
        FocusState.RESOLVED,
        by=by,
        at=now,
        note=resolution.strip(),
        resolution=resolution.strip(),
        resolved_at=now,
    )
    ProblemPoint.objects.filter(pk=focus.problem_point_id).update(reset_at=now)
    _announce(focus, gettext_noop("The focus issue “%(point)s” is resolved."), "resolved", now)
    _call_sample(focus, now)
    return focus


def _call_sample(focus, now):
    issues = Issue.objects.filter(problem_point=focus.problem_point_id, state=IssueState.FOCUS)
    newest = dict(issues.exclude(campaign=None).order_by("id").values_list("customer_id", "id"))
    chosen = Random(focus.pk * 1_000 + focus.round).sample(
        sorted(newest.values()), callback_sample(len(newest))
    )
    plan = contact_rule.plan_second_contact(now, cal=work_calendar())
    sample = issues.filter(pk__in=chosen).select_related("campaign", "customer", "team").order_by("id")
    for issue in sample:
        task, _created = plan_task(
            campaign=issue.campaign,
            customer=issue.customer,
            kind=Task.Kind.SECOND_CONTACT,
            source=f"focus:{focus.pk}:{focus.round}:{issue.pk}",
            due_at=plan.due_at,
            deadline=plan.deadline + timedelta(days=7),
            reason=_("Thanks and result after the focus issue: %(point)s") % {"point": focus.problem_point},
            priority=PRIORITY,
            team=issue.team,
            now=now,
        )
        FocusCall.objects.create(focus=focus, issue=issue, round=focus.round, task=task)
    advance_all(
        issues.exclude(pk__in=chosen),
        IssueState.SOLVED,
        by=None,
        at=now,
        note="focus_resolved",
        solved_at=now,
    )
    advance(focus, FocusState.SAMPLING, by=None, at=now, sample_size=len(chosen))
    _settle(focus, now)


def record_focus_call(*, call, satisfied, by, now, note="") -> Issue:
    """Record what a customer of the sample said; the last one closes the focus issue or opens it again (8.1)."""
    focus = (
        FocusIssue.objects.select_for_update(of=("self",))
        .select_related("problem_point")
        .get(pk=call.focus_id)
    )
    FocusCall.objects.filter(pk=call.pk).update(satisfied=satisfied, closed_at=now)
    issue = call.issue
    if satisfied and issue.state == IssueState.FOCUS:
        advance(issue, IssueState.SOLVED, by=by, at=now, note=note, solved_at=now)
    _settle(focus, now)
    return issue


def _settle(focus, now):
    if focus.state != FocusState.SAMPLING:
        return
    calls = list(
        FocusCall.objects.filter(focus=focus, round=focus.round).values_list("closed_at", "satisfied")
    )
    if any(closed_at is None for closed_at, _satisfied in calls):
        return
    heard = [satisfied for _closed_at, satisfied in calls if satisfied is not None]
    if reopens(heard.count(False), len(heard)):
        _reopen(focus, now)
        return
    left = Issue.objects.filter(problem_point=focus.problem_point_id, state=IssueState.FOCUS)
    for issue in left.exclude(department=None).select_related("department").order_by("id"):
        send_to_department(
            issue=issue, department=issue.department, by=None, now=now, note="focus_unsatisfied"
        )
    advance(focus, FocusState.CLOSED, by=None, at=now, closed_at=now)


def _reopen(focus, now):
    advance(
        focus,
        FocusState.REOPENED,
        by=None,
        at=now,
        note="dissatisfied",
        round=focus.round + 1,
        resolved_at=None,
        breached_at=None,
        due_at=issue_deadline(HEAD_URGENCY, now, work_calendar()),
    )
    advance(focus, FocusState.WITH_HEAD, by=None, at=now)
    _announce(
        focus,
        gettext_noop("The focus issue “%(point)s” is open again: customers are not satisfied."),
        "reopened",
        now,
    )


def follow_focus_issues(*, now) -> int:
    """Sweep: a head that is late is told with the managers, once; sample calls whose task ended unheard are settled."""
    late = FocusIssue.objects.filter(state__in=FOCUS_UNRESOLVED, breached_at=None, due_at__lte=now)
    late = late.select_related("problem_point", "head").order_by("due_at", "id")
    told = sweeps.drain("focus_deadlines", late, lambda focus: _late(focus, now), now=now)
    ended = FocusCall.objects.filter(closed_at=None, task__state__in=[TaskState.DONE, TaskState.CANCELLED])
    ended = ended.select_related("issue").order_by("id")
    sweeps.drain(
        "focus_calls_unreached",
        ended,
        lambda call: record_focus_call(call=call, satisfied=None, by=None, now=now),
        now=now,
    )
    return told


def _late(focus, now):
    FocusIssue.objects.filter(pk=focus.pk).update(breached_at=focus.due_at)
    managers = list(User.objects.holding(Role.MANAGER).order_by("id"))
    notify(
        [*managers, *([focus.head] if focus.head and focus.head not in managers else [])],
        gettext_noop("The focus issue “%(point)s” is past its deadline."),
        key=f"focus:{focus.pk}:{focus.round}:late",
        now=now,
        url=reverse("complaints:focus_detail", args=[focus.pk]),
        level=Notification.Level.URGENT,
        point=str(focus.problem_point),
    )
