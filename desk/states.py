"""The desk's commands and who may be on the line (ux.md sections 3.3 and 5.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Command(models.TextChoices):
    """Commands of one key. The buttons, the help sheet and the page that changes the keys read this one table."""

    HANGUP = "hangup", _("Hang up")
    BACK = "back", _("Back one step")
    LINE = "line", _("Next line of the script")
    BRANCH = "branch", _("The customer's other answer")
    LINE_BACK = "line_back", _("One line of the script back")
    ISSUE = "issue", _("Issue")
    APPOINTMENT = "appointment", _("Appointment")
    MESSAGE = "message", _("Ask by message instead")
    REFUSAL = "refusal", _("Do not call again")
    RELEASE = "release", _("Put back")
    HISTORY = "history", _("History")
    KNOWLEDGE = "knowledge", _("Knowledge base")
    UNDO = "undo", _("Take the last result back")
    NOTE = "note", _("Note")
    HELP = "help", _("Keys")


USUAL_KEYS = {
    Command.HANGUP: "h",
    Command.BACK: "b",
    Command.LINE: "]",
    Command.BRANCH: ";",
    Command.LINE_BACK: "[",
    Command.ISSUE: "i",
    Command.APPOINTMENT: "c",
    Command.MESSAGE: "s",
    Command.REFUSAL: "d",
    Command.RELEASE: "x",
    Command.HISTORY: "l",
    Command.KNOWLEDGE: "k",
    Command.UNDO: "z",
    Command.NOTE: "/",
    Command.HELP: "?",
}


class OnTheLine(models.TextChoices):
    """What the identity step found, in the order of its digits."""

    SELF = "self", _("the customer in person")
    DECIDES = "decides", _("family who may decide")
    OTHER = "other", _("somebody who may not decide")
    LATER = "later", _("call again later")
    REFUSES = "refuses", _("refuses the call")


# The conversation goes on with these; the others lead to its end.
TALKS = (OnTheLine.SELF, OnTheLine.DECIDES)
