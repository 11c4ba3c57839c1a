"""The do-not-call list: written at once, proposed, decided by a second person, removed by a second person (CUS-6)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from callcenter.workflow import IllegalMove, advance, can_move
from customers.actions.contact import read_number
from customers.models import BlacklistEntry, BlacklistStep, Client, Customer
from customers.queries.blacklist import approvers_of
from customers.rules.blacklist import decision_obstacle, needs_approval
from customers.states import EntryState


def block(**values) -> BlacklistEntry:
    """Put a customer, a number or both on the do-not-call list; from this instant no path may contact them (CUS-6).

    For the customer's own word and the law, which need no approval: customer, number, client, purpose, campaign_code, category,
    reason, evidence, by, now, expires_at. What is left empty is forbidden altogether: no client means all clients, no purpose
    every purpose. The same entry twice is one entry. ``number`` is read like any typed number; raises ``Refused`` when it is
    none, when neither customer nor number is given, without a reason, or with an end in the past.
    """
    return _write(EntryState.IN_FORCE, **values)


def propose_entry(**values) -> BlacklistEntry:
    """Propose an entry with the values of ``block``; it forbids nothing until somebody else approves it (CMP-4).

    Those who may decide are told. ``source`` makes a proposal exactly once. Raises as ``block`` does.
    """
    entry = _write(EntryState.PROPOSED, **values)
    if entry.state == EntryState.PROPOSED:
        text = gettext_noop("A do-not-call entry about %(about)s waits for approval.")
        _tell(entry, approvers_of(entry), text, "proposed", values["now"], but=entry.created_by)
    return entry


def ask_not_to_contact(**values) -> BlacklistEntry:
    """What people and clients' systems ask for: in force at once or only proposed, as its category says (CUS-6)."""
    return propose_entry(**values) if needs_approval(values["category"]) else block(**values)


@transaction.atomic
def _write(
    state: str,
    *,
    customer: Customer | None = None,
    number: str = "",
    client: Client | None = None,
    purpose: str = "",
    campaign_code: str = "",
    category: str,
    reason: str,
    evidence: str = "",
    source: str = "",
    by,
    now: datetime,
    expires_at: datetime | None = None,
) -> BlacklistEntry:
    if customer is None and not number.strip():
        raise Refused(
            _("Name a customer or a phone number to put on the do-not-call list."), code="nobody_named"
        )
    reason = _given(reason, _("Give the reason for the entry."))
    if expires_at is not None and expires_at <= now:
        raise Refused(
            _("The entry would have ended already. Choose an end in the future."), code="already_over"
        )
    what = {
        "customer": customer,
        "number": read_number(number) if number.strip() else "",
        "client": client,
        "purpose": purpose,
        "campaign_code": campaign_code,
        "category": category,
    }
    live = BlacklistEntry.objects.live(now).filter(**what, expires_at=expires_at)
    if state == EntryState.IN_FORCE:
        live = live.exclude(state=EntryState.PROPOSED)
    same = live.order_by("id").first() or _proposed_before(source)
    if same is not None:
        return same
    try:
        with transaction.atomic():
            entry = BlacklistEntry.objects.create(
                **what,
                state=state,
                reason=reason[:300],
                evidence=evidence[:300],
                source=source,
                created_by=by,
                created_at=now,
                expires_at=expires_at,
            )
    except IntegrityError:
        # Two wrote the same source at the same moment; the first one stands.
        return BlacklistEntry.objects.get(source=source)
    BlacklistStep.objects.create(case=entry, from_state="", to_state=state, at=now, by=by, note=reason[:500])
    return entry


def _proposed_before(source):
    return BlacklistEntry.objects.filter(source=source).first() if source else None


def _given(text, message):
    if not text.strip():
        raise Refused(message, code="no_reason", fields={"reason": [message]})
    return text.strip()


@transaction.atomic
def approve_entry(*, entry: BlacklistEntry, by, now: datetime, reason: str = "") -> BlacklistEntry:
    """Let a proposed entry come into force. Never by its proposer: raises ``Refused`` ``second_person``.

    Raises ``IllegalMove`` unless it is proposed, ``Conflict`` when it has run out meanwhile.
    """
    _must_be(entry, EntryState.PROPOSED, EntryState.IN_FORCE)
    _second_person(by, entry.created_by_id)
    if entry.expires_at is not None and entry.expires_at <= now:
        raise Conflict(_("The time of this entry is over already. Reject it."), code="entry_over")
    _move(entry, EntryState.IN_FORCE, by, now, reason, decided_by=by, decided_at=now)
    text = gettext_noop("The do-not-call entry about %(about)s is in force.")
    _tell(entry, [entry.created_by], text, "approved", now, but=by)
    return entry


@transaction.atomic
def reject_entry(*, entry: BlacklistEntry, by, now: datetime, reason: str) -> BlacklistEntry:
    """Reject a proposed entry with the reason; it stays on record. Raises as ``approve_entry``."""
    reason = _given(reason, _("Say why the entry is rejected."))
    _must_be(entry, EntryState.PROPOSED, EntryState.REJECTED)
    _second_person(by, entry.created_by_id)
    _move(entry, EntryState.REJECTED, by, now, reason, decided_by=by, decided_at=now)
    text = gettext_noop("The do-not-call entry about %(about)s was rejected.")
    _tell(entry, [entry.created_by], text, "rejected", now, but=by)
    return entry


@transaction.atomic
def propose_removal(*, entry: BlacklistEntry, by, now: datetime, reason: str) -> BlacklistEntry:
    """Ask for the end of an entry, with the reason; it keeps forbidding contacts until somebody else agrees.

    Raises ``Refused`` without a reason, ``IllegalMove`` unless the entry is in force.
    """
    reason = _given(reason, _("Give the reason for lifting the entry."))
    _must_be(entry, EntryState.IN_FORCE, EntryState.REMOVAL_PROPOSED)
    _move(entry, EntryState.REMOVAL_PROPOSED, by, now, reason, removal_by=by, removal_reason=reason[:300])
    text = gettext_noop("The end of the do-not-call entry about %(about)s waits for approval.")
    _tell(entry, approvers_of(entry), text, f"removal:{now:%Y%m%d%H%M%S}", now, but=by)
    return entry


@transaction.atomic
def confirm_removal(*, entry: BlacklistEntry, by, now: datetime, reason: str = "") -> BlacklistEntry:
    """Take the entry off the list; it stays on record. Never by who asked for it: raises ``Refused`` ``second_person``."""
    _must_be(entry, EntryState.REMOVAL_PROPOSED, EntryState.REMOVED)
    _second_person(by, entry.removal_by_id)
    _move(entry, EntryState.REMOVED, by, now, reason or entry.removal_reason, removed_by=by, removed_at=now)
    text = gettext_noop("The do-not-call entry about %(about)s was removed.")
    _tell(entry, [entry.removal_by], text, "removed", now, but=by)
    return entry


@transaction.atomic
def keep_entry(*, entry: BlacklistEntry, by, now: datetime, reason: str) -> BlacklistEntry:
    """Refuse to take the entry off the list, with the reason. Whoever asked for the end may take the wish back too."""
    reason = _given(reason, _("Say why the entry stays."))
    _must_be(entry, EntryState.REMOVAL_PROPOSED, EntryState.IN_FORCE)
    asked = entry.removal_by
    _move(entry, EntryState.IN_FORCE, by, now, reason, removal_by=None, removal_reason="")
    text = gettext_noop("The do-not-call entry about %(about)s stays in force.")
    _tell(entry, [asked], text, f"kept:{now:%Y%m%d%H%M%S}", now, but=by)
    return entry


# What the pages call the steps; each takes entry, by, now and the reason.
ENTRY_VERBS = {
    "approve": approve_entry,
    "reject": reject_entry,
    "ask-removal": propose_removal,
    "remove": confirm_removal,
    "keep": keep_entry,
}


def decide_entry(*, entry: BlacklistEntry, verb: str, by, now: datetime, reason: str) -> BlacklistEntry:
    """One step of an entry by its name in ``ENTRY_VERBS``, for a person: raises ``PermissionDenied`` where they may not decide.

    Whoever may see an entry may ask for its end; the rest takes a lead or manager (``BlacklistEntry.objects.decidable_by``).
    """
    asks = verb == "ask-removal"
    if not asks and not BlacklistEntry.objects.decidable_by(by).filter(pk=entry.pk).exists():
        raise PermissionDenied(_("Only a lead or an operations manager decides about this entry."))
    return ENTRY_VERBS[verb](entry=entry, by=by, now=now, reason=reason)


def _must_be(entry, was, to):
    """In force is reached from two states; each verb speaks of one of them."""
    if entry.state != was or not can_move(entry, to):
        raise IllegalMove(entry, to)


def _move(entry, to, by, now, note, **fields):
    advance(entry, to, by=by, at=now, note=note.strip(), **fields)


def _second_person(by, asked_by):
    if decision_obstacle(by.pk, asked_by=asked_by):
        raise Refused(_("You asked for this yourself. A second person decides."), code="second_person")


def _tell(entry, people, text, key, now, *, but):
    """One line in each bell but that of the person who acts; a number is never spelled out there."""
    recipients = {user.pk: user for user in people if user and user != but}
    notify(
        recipients.values(),
        text,
        key=f"blacklist:{entry.pk}:{key}",
        now=now,
        level=Notification.Level.WARNING,
        url=reverse("customers:entry", args=[entry.pk]),
        about=str(entry.customer or entry),
    )


def mark_entries_obeyed(rows, *, now: datetime) -> int:
    """Note that the apps above have taken the waiting tasks away for the entries of a queryset; returns how many."""
    return rows.update(obeyed_at=now)
