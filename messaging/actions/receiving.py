"""What gateways tell us: kept as it came, then made something of, once (CB-9; reliability.md W-04)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from callcenter.errors import DomainError
from callcenter.sweeps import drain
from callcenter.workflow import IllegalMove, advance
from messaging.actions.replies import receive_reply
from messaging.models import GatewayEvent, Message
from messaging.rules.receipts import ARRIVED, LOST, verdict_of
from messaging.states import MessageState

logger = logging.getLogger(__name__)
# A receipt may come before we have recorded that the message was accepted.
TRY_AGAIN = timedelta(minutes=1)
TRY_FOR = timedelta(hours=1)
Kind = GatewayEvent.Kind


def take_event(*, key: str, kind: str, channel: str, payload: dict, now: datetime) -> bool:
    """Keep what a gateway says and make something of it; False when the same ``key`` was here before.

    Kept in a transaction of its own: whatever goes wrong afterwards, the sweep tries again.
    """
    event, created = GatewayEvent.objects.get_or_create(
        key=key[:140],
        defaults={
            "kind": kind,
            "channel": channel,
            "payload": payload,
            "received_at": now,
            "try_at": now,
        },
    )
    if created:
        try:
            _handle_locked(event.pk, now)
        except Exception:
            logger.exception("gateway event %s waits for the sweep", event.pk)
    return created


@transaction.atomic
def _handle_locked(pk, now):
    event = (
        GatewayEvent.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, try_at__isnull=False)
        .first()
    )
    if event is not None:
        _handle(event, now)


def read_events(*, now: datetime) -> int:
    """Make something of what waits; returns how many events were looked at."""
    waiting = GatewayEvent.objects.filter(try_at__lte=now).order_by("try_at", "id")
    return drain("messaging.events", waiting, lambda event: _handle(event, now), now=now)


def _handle(event, now):
    problem, again = _receipt(event, now) if event.kind == Kind.RECEIPT else _reply(event, now)
    later = now + TRY_AGAIN if again and now < event.received_at + TRY_FOR else None
    values = {"try_at": later, "problem": problem}
    if later is None and not problem:
        # What it said is in the message or the reply now; only that it was here must be known.
        values["payload"] = {}
    GatewayEvent.objects.filter(pk=event.pk).update(**values)


def _receipt(event, now):
    """What went wrong ("" nothing), and whether it may go right later."""
    verdict = verdict_of(str(event.payload.get("state", "")))
    if not verdict:
        return "", False
    number = str(event.payload.get("id", ""))[:120]
    sent = (
        Message.objects.filter(gateway_id=number, channel=event.channel) if number else Message.objects.none()
    )
    message = sent.select_for_update(of=("self",)).order_by("-id").first()
    if message is None:
        return "no message has this number", True
    try:
        apply_receipt(message, verdict, now)
    except IllegalMove:
        # Told twice, or after another word: the first final word counts.
        return "", False
    return "", False


def apply_receipt(message, verdict, now):
    """Move a message by what its gateway says. Raises ``IllegalMove`` when a final word was said before."""
    if verdict == ARRIVED:
        advance(message, MessageState.DELIVERED, by=None, at=now, delivered_at=now, blocked_by=[])
    elif verdict == LOST:
        advance(message, MessageState.DEAD, by=None, at=now, blocked_by=[Message.Problem.UNDELIVERED])


def _reply(event, now):
    payload = event.payload
    try:
        receive_reply(
            channel=event.channel,
            sender=str(payload.get("from", "")),
            body=str(payload.get("text", "")),
            key=event.key,
            answers_id=str(payload.get("answers", "")),
            now=now,
        )
    except DomainError as error:
        return str(error.message)[:200], False
    return "", False
