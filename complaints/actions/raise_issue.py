"""Writing down what a customer reported (ISS-1, ISS-2)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from callcenter.workflow import advance
from campaigns.models import Account
from complaints.actions.focus import open_if_crossed, unresolved_focus
from complaints.actions.issues import send_to_department
from complaints.actions.notices import leads, tell
from complaints.actions.second_contacts import promise
from complaints.models import Issue, ProblemPoint
from complaints.rules.escalation import issue_deadline
from complaints.states import IssueState
from people.queries import work_calendar


@transaction.atomic
def raise_issue(
    *,
    customer,
    campaign,
    call,
    team,
    problem_point,
    urgency,
    major,
    department=None,
    description,
    suggestion="",
    competitor="",
    by,
    now,
    client_uuid,
    origin=Issue.Origin.CALL,
) -> Issue:
    """Write an issue, send it to its department and, when major, promise the second contact, in one transaction.

    Idempotent by ``client_uuid``: the same call again returns the same issue. The department is the problem point's
    unless given. Major and urgent issues reach the team's leads at once (ISS-2). A report that crosses the point's
    threshold opens a focus issue; under one, no second contact is promised (ISS-5). Raises ``Refused`` for empty or
    wrong values and ``Conflict`` when the uuid belongs to another customer's issue.
    """
    # The lock makes reports of one point wait for each other: the threshold is crossed exactly once.
    point = ProblemPoint.objects.select_for_update(no_key=True, of=("self",)).select_related("department")
    point = point.get(pk=problem_point.pk)
    if known := Issue.objects.filter(client_uuid=client_uuid).first():
        return _same(known, customer)
    campaign = campaign or _campaign_of(customer, major)
    _check(description, urgency, point)
    try:
        with transaction.atomic():
            issue = Issue.objects.create(
                customer=customer,
                campaign=campaign,
                call=call,
                team=team or customer.team,
                problem_point=point,
                origin=origin,
                urgency=urgency,
                major=major,
                department=department or point.department,
                description=description.strip(),
                suggestion=suggestion.strip(),
                competitor=competitor.strip()[:200],
                raised_by=by,
                raised_at=now,
                deadline=issue_deadline(urgency, now, work_calendar()),
                client_uuid=client_uuid,
            )
    except IntegrityError:
        return _same(Issue.objects.get(client_uuid=client_uuid), customer)
    return _set_going(issue, point, by=by, now=now)


def _set_going(issue, point, *, by, now):
    focus = unresolved_focus(point) or open_if_crossed(point, now=now)
    if focus:
        if issue.state != IssueState.FOCUS:
            issue.refresh_from_db(fields=["state"])
        if issue.state == IssueState.OPEN:
            advance(issue, IssueState.FOCUS, by=None, at=now, note=f"focus:{focus.pk}")
        return issue
    if issue.department_id:
        issue = send_to_department(issue=issue, department=issue.department, by=by, now=now)
    if issue.major:
        promise(issue, now=now, calendar=work_calendar(issue.campaign.calendar))
    if issue.major or issue.urgency == Issue.Urgency.URGENT:
        _tell_leads(issue, now)
    return issue


def _tell_leads(issue, now):
    urgent = issue.urgency == Issue.Urgency.URGENT
    tell(
        leads(issue),
        issue,
        gettext_noop("Urgent issue %(number)s: %(point)s")
        if urgent
        else gettext_noop("Major issue %(number)s: %(point)s"),
        key="raised",
        now=now,
        level=Notification.Level.URGENT if urgent else Notification.Level.WARNING,
    )


def _same(issue, customer):
    if issue.customer_id != customer.pk:
        raise Conflict(
            _("This form was already used for another customer’s issue. Open a new one."), code="uuid_used"
        )
    return issue


def _campaign_of(customer, major):
    """The campaign a follow-up call belongs to when the report came without one: the customer's latest."""
    account = (
        Account.objects.filter(customer=customer).select_related("campaign__calendar").order_by("-id").first()
    )
    if account is None and major:
        raise Refused(
            _(
                "This customer is in no campaign, so no second contact can be planned. Add the customer to one first."
            ),
            code="no_campaign",
            fields={"major": [_("No campaign to call from.")]},
        )
    return account and account.campaign


def _check(description, urgency, point):
    fields = {}
    if not description.strip():
        fields["description"] = [_("Say what the customer reported.")]
    if urgency not in Issue.Urgency.values:
        fields["urgency"] = [_("Choose urgent, important or routine.")]
    if not point.active:
        fields["problem_point"] = [_("This problem point is no longer used. Choose another one.")]
    if fields:
        raise Refused(_("The issue could not be written down. Correct the marked values."), fields=fields)
