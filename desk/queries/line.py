"""The telephone's side of the screen: the link that dials, and what a telephone system says of the call (CB-13)."""

from django.conf import settings

from callbacks.queries.line import line_of
from callbacks.rules.line import link_of
from callbacks.telephony import telephony


def add_line(screen, agent, now):
    """How the number on the screen is dialled by hand; the line, where a telephone system has dialled it."""
    scheme = agent.dial_scheme or settings.DIAL_SCHEME
    screen.dial_link = link_of(screen.task.dialled_number, scheme, settings.SIP_DOMAIN)
    if screen.state != "preview" and telephony().places_calls:
        screen.line = line_of(screen.task, now=now)
