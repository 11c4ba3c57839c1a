"""States of a do-not-call entry and their legal moves (CUS-6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    IN_FORCE = "in_force", _("in force")
    REMOVAL_PROPOSED = "removal_proposed", _("removal proposed")
    REMOVED = "removed", _("removed")
    REJECTED = "rejected", _("rejected")


# Putting somebody on the list on one's own judgement, and taking anybody off it, needs a second person. The end by time
# is no move: ``expires_at`` says it.
ENTRY_MOVES = {
    EntryState.PROPOSED: {EntryState.IN_FORCE, EntryState.REJECTED},
    EntryState.IN_FORCE: {EntryState.REMOVAL_PROPOSED},
    EntryState.REMOVAL_PROPOSED: {EntryState.REMOVED, EntryState.IN_FORCE},
    EntryState.REMOVED: set(),
    EntryState.REJECTED: set(),
}

# An entry whose removal is only asked for still forbids contacts.
ENTRY_FORBIDS = (EntryState.IN_FORCE, EntryState.REMOVAL_PROPOSED)
