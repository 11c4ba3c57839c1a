"""Remedies are proposed, approved by a second person or sent back, and carried out (CMP-1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.notify import gettext_noop
from callcenter.workflow import IllegalMove, can_move
from complaints.actions.procedure.case import locked, move, plan_callback, tell, wanted
from complaints.models import Complaint, Remedy
from complaints.queries.people import handlers_of, managers_of
from complaints.rules.procedure import approval_obstacle
from complaints.states import ComplaintState
from people.queries import leads_of


@transaction.atomic
def propose(*, complaint, remedies, finding, by, now, cause=Complaint.Cause.NONE, prevention="") -> Complaint:
    """Propose one or more remedies (dicts with ``text`` and optionally ``cost``, ``benefit``, ``risk``) with the finding."""
    finding = wanted(finding, "finding", _("Say what the investigation found."))
    remedies = [remedy for remedy in remedies if remedy["text"].strip()]
    if not remedies:
        raise Refused(
            _("Propose at least one remedy."), fields={"remedies": [_("Propose at least one remedy.")]}
        )
    complaint = move(
        locked(complaint),
        ComplaintState.PROPOSED,
        by=by,
        now=now,
        note=finding,
        finding=finding,
        cause=cause,
        prevention=prevention.strip(),
    )
    Remedy.objects.bulk_create(
        [
            Remedy(
                complaint=complaint,
                round=complaint.round,
                text=remedy["text"].strip(),
                cost=remedy.get("cost"),
                benefit=(remedy.get("benefit") or "")[:300],
                risk=(remedy.get("risk") or "")[:300],
                proposed_by=by,
                proposed_at=now,
            )
            for remedy in remedies
        ]
    )
    if complaint.team_id:
        approvers = [*handlers_of(complaint.team), *managers_of(complaint.team), *leads_of(complaint.team)]
        others = [user for user in approvers if user.pk not in (by.pk, complaint.handler_id)]
        tell(
            complaint,
            others,
            gettext_noop("Complaint %(number)s waits for approval."),
            f"proposed:{now}",
            now,
        )
    return complaint


def _decide(complaint, by):
    pending = complaint.remedies.filter(round=complaint.round, approved_by=None, rejected_by=None)
    obstacle = approval_obstacle(
        by.pk,
        proposers=set(pending.values_list("proposed_by_id", flat=True)),
        handler=complaint.handler_id,
        concerned_agent=complaint.concerned_agent_id,
    )
    messages = {
        "proposer": _("You proposed this remedy. A second person approves it."),
        "handler": _("You handle this complaint. A second person approves the remedy."),
        "concerned": _("This complaint is about you. Somebody else must handle it."),
    }
    if obstacle:
        raise Refused(messages[obstacle], code="second_person")
    return pending


@transaction.atomic
def approve(*, complaint, remedy, by, now, note="") -> Complaint:
    """Choose one of the proposed remedies. Never by its proposer, the handler or the person complained about.

    Raises ``Refused`` with code ``second_person`` for these, and ``Conflict`` for a remedy not on the table.
    """
    complaint = locked(complaint)
    if not can_move(complaint, ComplaintState.APPROVED):
        raise IllegalMove(complaint, ComplaintState.APPROVED)
    pending = _decide(complaint, by)
    chosen = pending.filter(pk=remedy.pk).update(approved_by=by, approved_at=now)
    if not chosen:
        raise Conflict(_("This remedy is no longer proposed. Reload the page."), code="remedy_gone")
    complaint = move(complaint, ComplaintState.APPROVED, by=by, now=now, note=note or remedy.text)
    tell(
        complaint,
        [complaint.handler],
        gettext_noop("The remedy of complaint %(number)s is approved."),
        f"approved:{now}",
        now,
    )
    return complaint


@transaction.atomic
def reject(*, complaint, reason, by, now) -> Complaint:
    """Send the proposal back to investigation; the remedies stay on record as rejected."""
    reason = wanted(reason, "reason", _("Say what is missing."))
    complaint = locked(complaint)
    if complaint.state != ComplaintState.PROPOSED:
        raise IllegalMove(complaint, ComplaintState.INVESTIGATING)
    _decide(complaint, by).update(rejected_by=by, rejected_at=now)
    complaint = move(complaint, ComplaintState.INVESTIGATING, by=by, now=now, note=reason)
    tell(
        complaint,
        [complaint.handler],
        gettext_noop("The remedy of complaint %(number)s was sent back."),
        f"rejected:{now}",
        now,
    )
    return complaint


@transaction.atomic
def carry_out(*, complaint, note, by, now) -> Complaint:
    """The approved remedy was carried out; the customer is to be called back, which becomes a task."""
    note = wanted(note, "note", _("Say what was done."))
    complaint = move(locked(complaint), ComplaintState.CARRIED_OUT, by=by, now=now, note=note)
    return plan_callback(complaint, by=by, now=now)
