"""Campaign states and their legal moves (CAM-1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    ARCHIVED = "archived", _("archived")


CAMPAIGN_MOVES = {
    CampaignState.DRAFT: {CampaignState.APPROVED},
    CampaignState.APPROVED: {CampaignState.RUNNING, CampaignState.DRAFT},
    CampaignState.RUNNING: {CampaignState.PAUSED, CampaignState.FINISHED},
    CampaignState.PAUSED: {CampaignState.RUNNING, CampaignState.FINISHED},
    CampaignState.FINISHED: {CampaignState.ARCHIVED, CampaignState.RUNNING},
    CampaignState.ARCHIVED: set(),
}

# What can be done in each state, in the order of the buttons; the first is the next step.
CAMPAIGN_VERBS = {
    CampaignState.DRAFT: ("approve",),
    CampaignState.APPROVED: ("start", "return"),
    CampaignState.RUNNING: ("pause", "finish"),
    CampaignState.PAUSED: ("resume", "finish"),
    CampaignState.FINISHED: ("archive", "reopen"),
    CampaignState.ARCHIVED: (),
}


class QuotaState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    RELEASED = "released", _("released")
    RECLAIMED = "reclaimed", _("taken back")


QUOTA_MOVES = {
    QuotaState.DRAFT: {QuotaState.PROPOSED},
    QuotaState.PROPOSED: {QuotaState.APPROVED, QuotaState.DRAFT},
    QuotaState.APPROVED: {QuotaState.RELEASED, QuotaState.DRAFT},
    QuotaState.RELEASED: {QuotaState.RECLAIMED},
    QuotaState.RECLAIMED: set(),
}
