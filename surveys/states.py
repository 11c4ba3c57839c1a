"""How far a question, a version and a proposal have come (CAM-7, CAM-8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Told by the dates of a version: drafts are edited, published ones chosen by campaigns, used ones frozen."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    FROZEN = "frozen", _("in use, frozen")


class ProposalState(models.TextChoices):
    OPEN = "open", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    KEPT = "kept", _("question kept")


PROPOSAL_MOVES = {
    ProposalState.OPEN: {ProposalState.ACCEPTED, ProposalState.KEPT},
    ProposalState.ACCEPTED: set(),
    ProposalState.KEPT: set(),
}
