"""How the desk dials: one adapter, chosen by settings (CB-13).

An adapter says whether it ``places_calls`` itself. The manual one does not: the page opens a link on the agent's computer and the
agent's keys say what happens. One that does is given an ``Attempt`` to place or to end, raises ``NotPlaced`` when nothing was
dialled, and has its events heard by ``callbacks.actions.line.hear``.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from callbacks.telephony.port import NotPlaced, Telephony

__all__ = ["CHOICES", "NotPlaced", "Telephony", "telephony"]

CHOICES = {
    "manual": "callbacks.telephony.manual.Manual",
    "asterisk": "callbacks.telephony.asterisk.Asterisk",
}


def telephony() -> Telephony:
    """The configured adapter."""
    return import_string(CHOICES[settings.TELEPHONY])()
