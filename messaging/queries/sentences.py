"""Why a message does not go out, in the reader's language."""

from django.utils.translation import gettext as _

from customers.rules.contact import REASON_TEXTS, ReasonCode
from messaging.models import Message


def reason_sentence(code: str) -> str:
    """The sentence of a contact rule's code or of a message's problem, without its numbers."""
    if code in Message.Problem.values:
        return str(Message.Problem(code).label)
    plain = {
        ReasonCode.REST_HOURS: _("The customer rests at this hour."),
        ReasonCode.DAY_CAP: _("The customer was contacted as often as is allowed in a day."),
        ReasonCode.BURST_CAP: _("The customer was contacted several times within minutes."),
        ReasonCode.RECENT_CONTACT: _("The customer was reached only recently."),
    }
    return plain.get(code) or _(REASON_TEXTS.get(code, code))
