"""A complaint is registered, acknowledged to the customer, judged, and investigated (CMP-1)."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from callcenter.workflow import IllegalMove
from campaigns.models import Account
from complaints.actions.procedure.case import check_handler, locked, move, plan_callback, tell, wanted
from complaints.models import Complaint
from complaints.queries.complaints import entry_source
from complaints.queries.people import handlers_of, managers_of
from complaints.rules.deadlines import deadline_of
from complaints.rules.procedure import TERMS
from complaints.states import ComplaintState
from customers.actions import propose_entry
from people.queries import work_calendar


@transaction.atomic
def register(
    *,
    customer,
    content,
    by,
    now,
    issue=None,
    campaign=None,
    team=None,
    channel=Complaint.Channel.PHONE,
    media=False,
    demand="",
    department=None,
    handler=None,
    concerned_agent=None,
    term=Complaint.Term.SIMPLE,
    client_uuid=None,
) -> Complaint:
    """Register a complaint, from an issue or by itself; idempotent by ``client_uuid``.

    The handler is ``by`` unless named, and never the agent complained about. The complaint handlers of the team, and
    the managers when the press is involved, are told. Raises ``Refused`` for empty or contradicting values.
    """
    content = wanted(content, "content", _("Say what the customer complains about."))
    handler = handler or by
    check_handler(handler, concerned_agent)
    campaign = campaign or (issue and issue.campaign) or _latest_campaign(customer)
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                customer=customer,
                issue=issue,
                campaign=campaign,
                team=team or (issue and issue.team) or customer.team,
                channel=channel,
                media=media,
                content=content,
                demand=demand.strip(),
                department=department or (issue and issue.department),
                handler=handler,
                concerned_agent=concerned_agent,
                registered_by=by,
                registered_at=now,
                term=term,
                deadline=deadline_of(now, TERMS[term], work_calendar()),
                client_uuid=client_uuid or uuid.uuid4(),
            )
    except IntegrityError:
        return Complaint.objects.get(client_uuid=client_uuid)
    told = list(handlers_of(complaint.team)) if complaint.team_id else []
    if media and complaint.team_id:
        told += list(managers_of(complaint.team))
    tell(
        complaint,
        told,
        gettext_noop("Complaint %(number)s of %(customer)s was registered."),
        "registered",
        now,
        Notification.Level.URGENT if media else Notification.Level.WARNING,
    )
    return complaint


def _latest_campaign(customer):
    account = Account.objects.filter(customer=customer).select_related("campaign").order_by("-id").first()
    return account and account.campaign


@transaction.atomic
def acknowledge(*, complaint, by, now, note) -> Complaint:
    """The customer was told that the complaint is in hand; ``note`` says how."""
    note = wanted(note, "note", _("Say how the customer was told."))
    return move(
        locked(complaint), ComplaintState.ACKNOWLEDGED, by=by, now=now, note=note, acknowledged_at=now
    )


@transaction.atomic
def judge(*, complaint, founded, reason, by, now, department=None, serious=False) -> Complaint:
    """Judge the complaint founded or not, always with a reason.

    A founded one goes to a department; the customer of an unfounded one is called with a courteous answer. One judged
    ``serious`` proposes the customer for the do-not-call list, which a second person decides (CMP-4).
    """
    reason = wanted(reason, "reason", _("Give the reason of the judgement."))
    complaint = locked(complaint)
    complaint = _judged(complaint, founded, reason, by, now, department, serious)
    if serious:
        _propose_for_list(complaint, reason, by, now)
    return complaint if founded else plan_callback(complaint, by=by, now=now)


def _judged(complaint, founded, reason, by, now, department, serious):
    verdict = {"founded": founded, "judgement": reason, "serious": serious}
    if not founded:
        return move(complaint, ComplaintState.UNFOUNDED, by=by, now=now, note=reason, **verdict)
    responsible = department or complaint.department
    if responsible is None:
        raise Refused(
            _("A founded complaint needs a responsible department."),
            fields={"department": [_("Choose the responsible department.")]},
        )
    return move(
        complaint,
        ComplaintState.FOUNDED,
        by=by,
        now=now,
        note=reason,
        department=responsible,
        **verdict,
    )


def _propose_for_list(complaint, reason, by, now):
    propose_entry(
        customer=complaint.customer,
        category="complaint",
        reason=reason,
        evidence=_("complaint %(number)s") % {"number": complaint},
        source=entry_source(complaint),
        by=by,
        now=now,
    )


@transaction.atomic
def start_investigation(*, complaint, promised_at, by, now, note="") -> Complaint:
    """Begin (or after a reopening: begin again) to investigate; ``promised_at`` is the instant told to the customer."""
    if promised_at <= now:
        raise Refused(
            _("The date promised to the customer lies in the past."),
            fields={"promised_at": [_("Choose a date in the future.")]},
        )
    complaint = locked(complaint)
    if complaint.state == ComplaintState.PROPOSED:
        # Back from the proposal leads only through a second person's rejection.
        raise IllegalMove(complaint, ComplaintState.INVESTIGATING)
    return move(
        complaint,
        ComplaintState.INVESTIGATING,
        by=by,
        now=now,
        note=note,
        promised_at=promised_at,
        founded=True,
    )
