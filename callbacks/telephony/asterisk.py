"""Asterisk: rings the agent's extension, then has the dialplan call the customer (AMI ``Originate``).

The attempt's key becomes the unique id of the agent's leg, so that every event of the call names it; the dialplan finds it in
``CALLCENTER_ID`` and gives the recording this name (``deploy/asterisk``).
"""

from django.conf import settings

from callbacks.telephony.ami import AmiError, Manager
from callbacks.telephony.port import NotPlaced, Telephony

# How long the agent's own phone rings.
RING_MILLISECONDS = 20_000


class Asterisk(Telephony):
    """One short connection per verb; events are heard by ``manage.py listen_calls``."""

    places_calls = True

    def place(self, attempt, *, extension):
        shown = settings.ASTERISK_CALLER_ID
        try:
            with Manager() as manager:
                answer = manager.ask(
                    "Originate",
                    action_id=str(attempt.key),
                    Channel=settings.ASTERISK_CHANNEL.replace("{extension}", extension),
                    ChannelId=str(attempt.key),
                    Context=settings.ASTERISK_CONTEXT,
                    Exten=attempt.number,
                    Priority=1,
                    Timeout=RING_MILLISECONDS,
                    Async="true",
                    Variable=f"CALLCENTER_ID={attempt.key}",
                    **({"CallerID": shown} if shown else {}),
                )
        except AmiError as error:
            raise NotPlaced(str(error)) from error
        if answer.get("Response") != "Success":
            raise NotPlaced(answer.get("Message") or "the exchange refuses the call")

    def release(self, attempt):
        try:
            with Manager() as manager:
                # The number of the leg finds it too, when its name has not been heard.
                manager.ask("Hangup", Channel=attempt.channel or str(attempt.key), Cause=16)
        except AmiError as error:
            raise NotPlaced(str(error)) from error
