"""Moving a campaign through its states (CAM-1). All moves go through ``workflow.advance``."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.workdays import local_day
from callcenter.workflow import IllegalMove, advance, can_move
from campaigns.actions.campaigns import check_texts_are_usable
from campaigns.models import Campaign
from campaigns.states import CampaignState
from messaging.actions import cancel_messages_of, hold_messages_of, release_messages_of
from surveys.actions import freeze


@transaction.atomic
def approve_campaign(*, campaign, by, now, note="") -> Campaign:
    """Approve a draft. A second person does it: neither who created it nor who changed it last.

    Raises ``Refused`` (``second_person``; an unpublished questionnaire or unapproved script) and ``IllegalMove``.
    """
    _must_be_able_to_become(campaign, CampaignState.APPROVED)
    if by is not None and by.pk in (campaign.created_by_id, campaign.changed_by_id):
        raise Refused(
            _("A campaign is approved by a second person: not by who created it or changed it last."),
            code="second_person",
        )
    check_texts_are_usable(campaign.questionnaire, campaign.script)
    for variant in campaign.variants.select_related("version").order_by("id"):
        check_texts_are_usable(variant.version, None)
    return advance(
        campaign, CampaignState.APPROVED, by=by, at=now, note=note, approved_by=by, approved_at=now
    )


@transaction.atomic
def return_to_draft(*, campaign, by, now, note="") -> Campaign:
    """Take the approval back, so that everything can be changed and is approved anew."""
    return advance(
        campaign, CampaignState.DRAFT, by=by, at=now, note=note, approved_by=None, approved_at=None
    )


@transaction.atomic
def start_campaign(*, campaign, by, now, note="") -> Campaign:
    """Start an approved campaign; its questionnaire is frozen from now on.

    Raises ``Refused`` when its last day is over, and ``IllegalMove``.
    """
    if campaign.state != CampaignState.APPROVED:
        raise IllegalMove(campaign, CampaignState.RUNNING)
    _must_not_be_over(campaign, now)
    if campaign.questionnaire is not None:
        freeze(version=campaign.questionnaire, now=now)
    return advance(campaign, CampaignState.RUNNING, by=by, at=now, note=note)


@transaction.atomic
def pause_campaign(*, campaign, by, now, note="") -> Campaign:
    """Pause at once: no task is handed out and no message sent any more, calls in progress end normally."""
    hold_messages_of(campaign_code=campaign.code, now=now)
    return advance(campaign, CampaignState.PAUSED, by=by, at=now, note=note)


@transaction.atomic
def resume_campaign(*, campaign, by, now, note="") -> Campaign:
    """Go on after a pause. Raises ``Refused`` when the last day is over, and ``IllegalMove``."""
    if campaign.state != CampaignState.PAUSED:
        raise IllegalMove(campaign, CampaignState.RUNNING)
    _must_not_be_over(campaign, now)
    release_messages_of(campaign_code=campaign.code)
    return advance(campaign, CampaignState.RUNNING, by=by, at=now, note=note)


@transaction.atomic
def finish_campaign(*, campaign, by, now, note="") -> Campaign:
    """End a running or paused campaign; its open tasks and messages wait until it is archived or runs again."""
    hold_messages_of(campaign_code=campaign.code, now=now)
    return advance(campaign, CampaignState.FINISHED, by=by, at=now, note=note)


@transaction.atomic
def reopen_campaign(*, campaign, by, now, note="") -> Campaign:
    """Run a finished campaign again. Raises ``Refused`` when the last day is over, and ``IllegalMove``."""
    if campaign.state != CampaignState.FINISHED:
        raise IllegalMove(campaign, CampaignState.RUNNING)
    _must_not_be_over(campaign, now)
    release_messages_of(campaign_code=campaign.code)
    return advance(campaign, CampaignState.RUNNING, by=by, at=now, note=note)


@transaction.atomic
def archive_campaign(*, campaign, by, now, note="") -> Campaign:
    """Put a finished campaign away; its figures stay, what has not gone out never will."""
    cancel_messages_of(campaign_code=campaign.code, by=by, now=now, note=_("The campaign is archived."))
    return advance(campaign, CampaignState.ARCHIVED, by=by, at=now, note=note)


def _must_be_able_to_become(campaign, to):
    if not can_move(campaign, to):
        raise IllegalMove(campaign, to)


def _must_not_be_over(campaign, now):
    if campaign.ends_on and campaign.ends_on < local_day(now, settings.TIME_ZONE):
        raise Refused(
            _("The last day of this campaign, %(day)s, is over. Change the end date first.")
            % {"day": campaign.ends_on.isoformat()},
            code="campaign_over",
            fields={"ends_on": [_("in the past")]},
        )
