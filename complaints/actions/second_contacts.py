"""The promise to call the customer again: made, turned into a task, taken back (CB-10).

The row is written in the transaction that raises the issue; the sweep turns each due row into exactly one task.
From the second one on the row is born blocked until the department's level 3 has answered.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from callbacks.actions import cancel_tasks, plan_task
from callbacks.models import Task
from callbacks.states import TaskState
from callcenter import sweeps
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from callcenter.workflow import advance, advance_all
from complaints.actions.notices import leads, tell
from complaints.models import Issue, SecondContact
from complaints.queries.contacts import open_contact
from complaints.rules import second_contact as rule
from complaints.states import IssueState, SecondContactState
from people.queries import work_calendar

Outcome = SecondContact.Outcome
# The same agent first; after so long anyone of the team (domain.md section 1, rule 3).
RESERVED = timedelta(hours=3)
PRIORITY = 2


def promise(issue, *, now, calendar) -> SecondContact:
    """Write the next second contact of ``issue``; the second and later ones wait for the level-3 result.

    Raises ``Conflict`` while another one is open.
    """
    if open_contact(issue):
        raise Conflict(
            _("A second contact of this issue is already planned. Its result decides what comes next."),
            code="second_contact_open",
        )
    last = issue.second_contacts.aggregate(last=Max("sequence"))["last"] or 0
    schedule = rule.plan_second_contact(now, cal=calendar)
    # Contacts so far: the report itself and the second contacts made since.
    step = rule.next_step(solved=False, contacts=last + 1, level_3_recorded=False)
    blocked = step == rule.NextStep.WAIT_FOR_LEVEL_3
    return SecondContact.objects.create(
        issue=issue,
        sequence=last + 1,
        due_at=schedule.due_at,
        deadline=schedule.deadline,
        state=SecondContactState.BLOCKED if blocked else SecondContactState.WAITING,
        created_at=now,
    )


@transaction.atomic
def plan_second_contact(*, issue, by, now) -> SecondContact:
    """A lead promises the customer another call (also for an issue that is not major)."""
    issue = Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    if issue.state in (IssueState.SOLVED, IssueState.FOCUS):
        raise Conflict(
            _(
                "A solved issue, or one under a focus issue, gets no second contact of its own. Reopen it first."
            ),
            code="no_second_contact",
        )
    if issue.campaign_id is None:
        raise Refused(
            _(
                "This issue belongs to no campaign, so no call can be planned. Call the customer from the archive."
            ),
            code="no_campaign",
        )
    return promise(issue, now=now, calendar=work_calendar(issue.campaign.calendar))


def release_blocked(issue, *, now):
    """The level-3 result is there: the blocked second contact may now be made, on the next working day."""
    contact = issue.second_contacts.filter(state=SecondContactState.BLOCKED).first()
    if contact:
        schedule = rule.plan_second_contact(now, cal=work_calendar(issue.campaign.calendar))
        advance(
            contact,
            SecondContactState.WAITING,
            by=None,
            at=now,
            note="level3_result",
            due_at=schedule.due_at,
            deadline=schedule.deadline,
        )


def open_second_contacts(*, now) -> int:
    """Sweep: every due second contact becomes a task, exactly once, whether or not the department answered.

    Afterwards the promises are settled whose task has ended without a result. Returns how many tasks were made.
    """
    due = SecondContact.objects.filter(state=SecondContactState.WAITING, due_at__lte=now)
    due = due.select_related("issue__customer", "issue__team").order_by("due_at", "id")
    made = sweeps.drain("second_contacts", due, lambda contact: _open(contact, now), now=now)
    ended = SecondContact.objects.filter(
        state=SecondContactState.PLANNED, task__state__in=[TaskState.DONE, TaskState.CANCELLED]
    )
    ended = ended.select_related("issue__problem_point", "issue__team__unit", "task").order_by("id")
    sweeps.drain("second_contacts_unreached", ended, lambda contact: _unreached(contact, now), now=now)
    return made


def _open(contact, now):
    issue = Issue.objects.select_related("campaign", "customer", "team", "problem_point", "raised_by")
    issue = issue.select_for_update(of=("self",)).get(pk=contact.issue_id)
    if issue.state in (IssueState.SOLVED, IssueState.FOCUS):
        advance(contact, SecondContactState.CANCELLED, by=None, at=now, note=issue.state)
        return
    task, _created = plan_task(
        campaign=issue.campaign,
        customer=issue.customer,
        kind=Task.Kind.SECOND_CONTACT,
        source=f"second:{contact.pk}",
        due_at=contact.due_at,
        deadline=contact.deadline,
        reason=_("Second contact on issue %(number)s: %(point)s")
        % {"number": issue, "point": issue.problem_point},
        priority=PRIORITY,
        team=issue.team,
        reserved_for=issue.raised_by,
        reserved_until=max(now, contact.due_at) + RESERVED if issue.raised_by_id else None,
        now=now,
    )
    advance(contact, SecondContactState.PLANNED, by=None, at=now, task=task)
    advance(issue, IssueState.SECOND_CONTACT, by=None, at=now, note=f"second:{contact.sequence}")


def _unreached(contact, now):
    """The task ended (attempts used up, blacklisted, cancelled) and nobody heard the customer."""
    cancelled = contact.task.state == TaskState.CANCELLED
    to = SecondContactState.CANCELLED if cancelled else SecondContactState.DONE
    advance(contact, to, by=None, at=now, outcome=Outcome.NOT_REACHED, closed_at=now)
    issue = contact.issue
    if issue.state == IssueState.SECOND_CONTACT:
        back = IssueState.ANSWERED if issue.answered_at else IssueState.SENT
        advance(issue, back, by=None, at=now, note=Outcome.NOT_REACHED)
    tell(
        leads(issue),
        issue,
        gettext_noop(
            "Issue %(number)s (%(point)s): the second contact did not reach the customer. Decide how to go on."
        ),
        key=f"unreached:{contact.sequence}",
        now=now,
        level=Notification.Level.WARNING,
    )


@transaction.atomic
def allow_other_outcome(*, contact, by, reason, now) -> SecondContact:
    """A lead lets the agent record an outcome that contradicts the level-3 result, and says why (CB-10)."""
    if not by.scope().has(Role.LEAD, Role.MANAGER):
        raise Refused(
            _("Only a team lead may allow another outcome than the level-3 result."), code="lead_only"
        )
    if not reason.strip():
        raise Refused(_("Say why another outcome is allowed."), fields={"reason": [_("Say why.")]})
    changed = SecondContact.objects.filter(
        Q(state=SecondContactState.PLANNED) | Q(state=SecondContactState.WAITING), pk=contact.pk
    ).update(override_by=by, override_reason=reason.strip()[:300])
    if not changed:
        raise Conflict(
            _("This second contact is no longer open. Reload the page."), code="second_contact_closed"
        )
    contact.refresh_from_db()
    return contact


@transaction.atomic
def cancel_contacts(*, issues, by, now, note) -> int:
    """Take back the open promises of ``issues`` (a queryset) with their tasks; returns how many (ISS-5).

    A call under way goes on, and its result still counts.
    """
    rows = SecondContact.objects.filter(issue__in=issues).exclude(
        task__state__in=[TaskState.IN_CALL, TaskState.WRAP_UP]
    )
    tasks = Task.objects.filter(second_contact__in=rows.filter(state=SecondContactState.PLANNED))
    cancel_tasks(tasks, by=by, now=now, note=note)
    return advance_all(rows, SecondContactState.CANCELLED, by=by, at=now, note=note, closed_at=now)
