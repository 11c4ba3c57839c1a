"""Holding back the messages of a campaign, and letting them go (CAM-1)."""

from datetime import datetime

from django.db import transaction

from callcenter.workflow import advance_all
from messaging.models import CampaignHold, Message
from messaging.states import WAITING, BatchState, MessageState

__all__ = ["cancel_messages_of", "hold_messages_of", "is_held", "release_messages_of"]


def is_held(campaign_code: str) -> bool:
    """Whether the messages of a campaign wait just now."""
    return bool(campaign_code) and CampaignHold.objects.filter(code=campaign_code).exists()


@transaction.atomic
def hold_messages_of(*, campaign_code: str, now: datetime) -> int:
    """From now on nothing of the campaign goes out, also what is planned later; returns how many waited.

    What a sender has in hand at this moment is asked about once more before it is handed over.
    """
    CampaignHold.objects.get_or_create(code=campaign_code, defaults={"since": now})
    waiting = Message.objects.filter(campaign_code=campaign_code, state__in=WAITING, held=False)
    return waiting.update(held=True)


@transaction.atomic
def release_messages_of(*, campaign_code: str) -> int:
    """Let the campaign's messages go, except those of a batch that is paused itself; returns how many."""
    CampaignHold.objects.filter(code=campaign_code).delete()
    waiting = Message.objects.filter(campaign_code=campaign_code, held=True)
    return waiting.exclude(batch__state=BatchState.PAUSED).update(held=False)


def cancel_messages_of(*, campaign_code: str, by, now: datetime, note: str) -> int:
    """End what has not gone out of a campaign that never will run again; returns how many."""
    waiting = Message.objects.filter(campaign_code=campaign_code, state__in=WAITING)
    return advance_all(waiting, MessageState.CANCELLED, by=by, at=now, note=note)
