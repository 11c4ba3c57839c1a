"""Sending what is due, once (CB-9).

Three steps, so that no transaction waits for a network. Take: the row is locked, permission is asked again, the ledger is written
and the row becomes "sending" under a lease with a fencing token. Hand over: the gateway is asked, with the message's key. Record:
the row moves on, if the token still is ours. A sender that dies between taking and recording leaves a row whose lease runs out:
a gateway that takes a key only once is simply asked again (exactly once); by SMTP and SMPP, which promise nothing, a second
attempt might reach the customer twice, so the message is given to a person instead (at most once).
"""

import logging
import time
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.sweeps import drain
from callcenter.workflow import IllegalMove, LostRace, advance
from customers.actions import record_contact, take_back_contacts
from customers.models import Channel, Contact, Customer
from messaging.actions.batches import finish_batches
from messaging.actions.holds import is_held
from messaging.actions.planning import decision_about
from messaging.gateways import (
    CHOICES,
    Accepted,
    Envelope,
    NotSent,
    Uncertain,
    gateway_for,
    gateway_name,
)
from messaging.models import Message
from messaging.queries.addresses import address_of
from messaging.rules.retries import next_attempt
from messaging.states import MessageState

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
TAKEN_AT_ONCE = 20
UNCERTAIN_GATEWAYS = frozenset({"smtp", "smpp"})
Problem = Message.Problem


def send_due(*, now: datetime, limit: int = 500, seconds: float = 60) -> int:
    """Send up to ``limit`` messages that are due, for about so many ``seconds``; returns how many were tried.

    Safe to run twice, late or beside itself. Messages whose sender died come first.
    """
    began = time.monotonic()

    def clock():
        return now + timedelta(seconds=time.monotonic() - began)

    until = now + timedelta(seconds=seconds)

    recover_expired(now=now)
    sent = 0
    while sent < limit and clock() < until:
        taken: list[Message] = []
        moment = clock()
        handled = drain(
            "messaging.send",
            Message.objects.due(moment).select_related("version__template"),
            lambda message, moment=moment, taken=taken: _take(message, moment, taken),
            now=moment,
            limit=min(TAKEN_AT_ONCE, limit - sent),
        )
        sent += _hand_over(taken, clock, until)
        if handled < TAKEN_AT_ONCE:
            break
    finish_batches(now=clock())
    return sent


def _take(message: Message, now: datetime, taken: list[Message]) -> None:
    """Make a due message ours, or put it back with the reason; in the sweep's transaction, its row locked."""
    if _waits_for_campaign(message):
        Message.objects.filter(pk=message.pk).update(held=True)
        return
    # The customer's row is the lock under which caps are read and the ledger is written.
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=message.customer_id)
    message.recipient = address_of(customer, message.channel)[:320]
    if message.expires_at is not None and now >= message.expires_at:
        _stop(message, [Problem.EXPIRED], now)
        return
    if not message.recipient:
        _stop(message, [Problem.NO_ADDRESS], now)
        return
    if message.answers_id is None and not _permitted(message, customer, now):
        return
    contact = None if message.answers_id else _book(message, now)
    advance(
        message,
        MessageState.SENDING,
        by=None,
        at=now,
        attempts=message.attempts + 1,
        token=message.token + 1,
        lease_until=now + LEASE,
        next_at=None,
        recipient=message.recipient,
        gateway=gateway_name(message.channel),
        contact=contact,
        blocked_by=[],
        error="",
    )
    taken.append(message)


def _permitted(message, customer, now) -> bool:
    """Ask the shared decision again; a refusal waits for its end, or ends the message."""
    decision = decision_about(
        customer, message.channel, message.purpose, message.recipient, message.campaign_code, now
    )
    if decision.allowed:
        return True
    codes = list(decision.codes)
    if decision.next_at is None:
        _stop(message, codes, now)
    elif message.expires_at is not None and decision.next_at >= message.expires_at:
        _stop(message, [*codes, Problem.EXPIRED], now)
    else:
        # A moment at least, so that the same refusal does not come back within this sweep.
        next_at = max(decision.next_at, now + timedelta(seconds=15))
        Message.objects.filter(pk=message.pk).update(next_at=next_at, blocked_by=codes)
    return False


def _stop(message, codes, now):
    advance(message, MessageState.BLOCKED, by=None, at=now, note=", ".join(codes), blocked_by=codes)


def _book(message, now):
    """The row in the ledger from which caps are counted across calls and messages (CUS-7)."""
    return record_contact(
        customer_id=message.customer_id,
        channel=message.channel,
        purpose=message.purpose,
        number=message.recipient if message.channel == Channel.SMS else "",
        campaign_code=message.campaign_code,
        at=now,
        completed=False,
        refused=False,
    )


def _hand_over(taken, clock, until) -> int:
    """Give the taken messages to their gateways, one connection per channel; returns how many were tried.

    What is left when the time is up goes back: a sweep that is stopped in the middle would leave it in doubt.
    """
    tried = 0
    with ExitStack() as stack:
        gateways = {}
        for message in taken:
            if clock() >= until:
                _not_tried(message, clock())
                continue
            if not _renewed(message, clock()):
                continue
            if _waits_for_campaign(message):
                _not_tried(message, clock(), held=True)
                continue
            tried += 1
            try:
                if message.channel not in gateways:
                    gateways[message.channel] = stack.enter_context(gateway_for(message.channel))
                answer = gateways[message.channel].send(_envelope(message))
            except NotSent as error:
                _not_sent(message, str(error), again=error.again, now=clock())
            except Uncertain as error:
                _record(
                    message,
                    MessageState.DEAD,
                    clock(),
                    blocked_by=[Problem.UNCERTAIN],
                    error=str(error)[:300],
                )
            except Exception as error:
                # Not foreseen by the gateway, so nothing is known: the lease decides, by what the gateway promises.
                logger.exception("message %s could not be handed over", message.pk)
                Message.objects.filter(pk=message.pk, token=message.token).update(error=repr(error)[:300])
            else:
                _accepted(message, answer, clock())
    return tried


def _waits_for_campaign(message) -> bool:
    """Whether its campaign is paused; what answers a customer's reply waits for nothing."""
    return message.answers_id is None and is_held(message.campaign_code)


def _renewed(message, now) -> bool:
    """Whether the message still is ours, its lease counted from now: what waited in a slow batch may be lost."""
    mine = Message.objects.filter(
        pk=message.pk, state=MessageState.SENDING, token=message.token, lease_until__gt=now
    )
    return bool(mine.update(lease_until=now + LEASE))


def gateway_key(message) -> str:
    """What the gateway knows a message by; another one when a person has it sent again."""
    return f"{message.key}:{message.round}" if message.round else message.key


def _envelope(message):
    return Envelope(
        key=gateway_key(message),
        channel=message.channel,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
    )


def _accepted(message, answer: Accepted, now):
    to = MessageState.SENT
    if _record(message, to, now, sent_at=now, gateway_id=answer.gateway_id[:120]) and answer.delivered:
        advance(message, MessageState.DELIVERED, by=None, at=now, delivered_at=now)


def _not_sent(message, reason, *, again, now):
    """Nothing went out: try later, or give up; the ledger forgets the attempt."""
    next_at = next_attempt(message.attempts, now) if again else None
    with transaction.atomic():
        if message.contact_id:
            take_back_contacts(Contact.objects.filter(pk=message.contact_id))
        if next_at is not None:
            _record(message, MessageState.FAILED, now, next_at=next_at, error=reason[:300], contact=None)
        else:
            code = Problem.GIVEN_UP if again else Problem.REJECTED
            _record(
                message,
                MessageState.DEAD,
                now,
                blocked_by=[code],
                error=reason[:300],
                contact=None,
            )


@transaction.atomic
def _not_tried(message, now, **fields):
    if message.contact_id:
        take_back_contacts(Contact.objects.filter(pk=message.contact_id))
    fields |= {"next_at": now, "contact": None, "attempts": message.attempts - 1}
    _record(message, MessageState.FAILED, now, **fields)


def _record(message, to, now, **fields) -> bool:
    """Move the message on if it still is ours; False when its lease was over and somebody else has decided."""
    try:
        advance(
            message,
            to,
            by=None,
            at=now,
            note=fields.get("error", ""),
            where={"token": message.token},
            lease_until=None,
            **fields,
        )
    except (LostRace, IllegalMove):
        logger.warning("message %s was decided about while it was being sent", message.pk)
        return False
    return True


def recover_expired(*, now: datetime) -> int:
    """Decide about messages whose sender died: again by a gateway that takes a key once, else to a person."""
    died = Message.objects.filter(state=MessageState.SENDING, lease_until__lte=now)
    return drain(
        "messaging.recover",
        died.order_by("lease_until", "id"),
        lambda message: _recover(message, now),
        now=now,
    )


def _recover(message, now):
    repeatable = message.gateway in CHOICES and message.gateway not in UNCERTAIN_GATEWAYS
    if repeatable and message.gateway == gateway_name(message.channel):
        if message.contact_id:
            take_back_contacts(Contact.objects.filter(pk=message.contact_id))
        _record(message, MessageState.FAILED, now, next_at=now, contact=None, error="sender lost")
    else:
        _record(
            message,
            MessageState.DEAD,
            now,
            blocked_by=[Problem.UNCERTAIN],
            error=message.error or "sender lost",
        )


@transaction.atomic
def send_again(*, message: Message, by, now: datetime) -> Message:
    """A person has a message that did not arrive sent once more; permission is asked again. Raises ``IllegalMove``."""
    return advance(
        message,
        MessageState.QUEUED,
        by=by,
        at=now,
        attempts=0,
        round=F("round") + 1,
        next_at=now,
        blocked_by=[],
        error="",
        gateway_id="",
        contact=None,
    )


def cancel_message(*, message: Message, by, now: datetime, note: str = "") -> Message:
    """Take back a message that has not gone out. Raises ``IllegalMove`` once it has."""
    return advance(message, MessageState.CANCELLED, by=by, at=now, note=note)


@transaction.atomic
def post_letter(*, message: Message, by, now: datetime) -> Message:
    """A person has printed and posted a letter. Raises ``Refused`` when the customer may not be written to any more."""
    if message.channel != Channel.POST:
        raise Refused(_("This is not a letter."), code="not_a_letter")
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    taken: list[Message] = []
    if message.state not in (MessageState.QUEUED, MessageState.FAILED):
        raise Conflict(_("This letter is not waiting to be posted any more."), code="illegal_move")
    if _waits_for_campaign(message):
        raise Refused(
            _("The campaign of this letter is paused or finished; post it when the campaign runs."),
            code="campaign_held",
        )
    _take(message, now, taken)
    if not taken:
        message.refresh_from_db()
        return message
    return advance(message, MessageState.SENT, by=by, at=now, lease_until=None, sent_at=now, gateway="post")
