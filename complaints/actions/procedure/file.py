"""Beside the moves of a complaint: its handler, notes, the clock that stands for the customer, and breaches (CMP-3)."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter import sweeps
from callcenter.errors import Conflict
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from complaints.actions.procedure.case import check_handler, locked, not_concerned, tell, wanted
from complaints.models import Complaint, ComplaintNote
from complaints.queries.people import managers_of
from complaints.rules.deadlines import deadline_of
from complaints.rules.procedure import TERMS
from people.queries import leads_of, work_calendar


@transaction.atomic
def assign_handler(*, complaint, handler, by, now) -> Complaint:
    """Hand the complaint to another handler, never to the person complained about (recusal)."""
    complaint = locked(complaint)
    not_concerned(complaint, by)
    if complaint.closed_at:
        raise Conflict(_("An archived complaint has no handler to change. Reopen it first."), code="archived")
    if handler.pk == complaint.concerned_agent_id:
        check_handler(handler, handler)
    Complaint.objects.filter(pk=complaint.pk).update(handler=handler, version=F("version") + 1)
    complaint.handler = handler
    add_note(complaint=complaint, text=_("Handler: %(name)s") % {"name": handler}, by=by, now=now)
    tell(
        complaint,
        [handler],
        gettext_noop("Complaint %(number)s of %(customer)s is yours now."),
        f"handler:{now}",
        now,
    )
    return complaint


@transaction.atomic
def add_note(*, complaint, text, by, now, kind=ComplaintNote.Kind.NOTE) -> ComplaintNote:
    """Keep an internal note beside the moves of the case."""
    text = wanted(text, "text", _("The note is empty."))
    return ComplaintNote.objects.create(complaint=complaint, kind=kind, text=text, by=by, at=now)


@transaction.atomic
def pause(*, complaint, reason, by, now) -> Complaint:
    """Stop the clock while the customer owes an answer (CMP-3); ``reason`` says which."""
    reason = wanted(reason, "reason", _("Say what the customer still has to tell or send."))
    complaint = locked(complaint)
    stopped = Complaint.objects.filter(pk=complaint.pk, paused_at=None, closed_at=None).update(paused_at=now)
    if not stopped:
        raise Conflict(_("The clock of this complaint is not running."), code="not_running")
    add_note(complaint=complaint, text=reason, by=by, now=now, kind=ComplaintNote.Kind.PAUSE)
    complaint.paused_at = now
    return complaint


@transaction.atomic
def resume(*, complaint, by, now) -> Complaint:
    """Let the clock run again; the deadline moves by the time it stood, by the clock of the complaint's term."""
    complaint = locked(complaint)
    if complaint.paused_at is None:
        raise Conflict(_("The clock of this complaint is running already."), code="running")
    ComplaintNote.objects.create(complaint=complaint, kind=ComplaintNote.Kind.RESUME, by=by, at=now)
    deadline = deadline_of(
        complaint.registered_at, TERMS[complaint.term], work_calendar(), _pauses(complaint)
    )
    Complaint.objects.filter(pk=complaint.pk).update(paused_at=None, deadline=deadline)
    complaint.paused_at, complaint.deadline = None, deadline
    return complaint


def _pauses(complaint):
    kinds = [ComplaintNote.Kind.PAUSE, ComplaintNote.Kind.RESUME]
    times = list(complaint.notes.filter(kind__in=kinds).order_by("at", "id").values_list("at", flat=True))
    return list(zip(times[::2], times[1::2], strict=True))


def mark_breaches(*, now) -> int:
    """Sweep: each passed deadline is put on record once, at its own instant; handler, leads and managers are told."""
    late = Complaint.objects.filter(breached_at=None, paused_at=None, closed_at=None, deadline__lte=now)
    late = late.select_related("customer", "team__unit", "handler").order_by("deadline", "id")
    return sweeps.drain("complaint_deadlines", late, lambda complaint: _breach(complaint, now), now=now)


def _breach(complaint, now):
    Complaint.objects.filter(pk=complaint.pk).update(breached_at=complaint.deadline)
    ComplaintNote.objects.create(complaint=complaint, kind=ComplaintNote.Kind.BREACH, at=complaint.deadline)
    team = complaint.team
    told = [complaint.handler, *(leads_of(team) if team else []), *(managers_of(team) if team else [])]
    tell(
        complaint,
        told,
        gettext_noop("Complaint %(number)s of %(customer)s is past its deadline."),
        "breach",
        now,
        Notification.Level.URGENT,
    )
