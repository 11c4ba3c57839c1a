"""Stay bound to the SMS centre and take what it delivers: receipts and replies (CB-9)."""

import hashlib
import time

from django.core.management.base import BaseCommand
from django.utils import timezone
from smpplib import consts
from smpplib.exceptions import ConnectionError as Broken
from smpplib.exceptions import PDUError

from messaging.actions import take_event
from messaging.gateways.smpp import connect, drop, read_delivery
from messaging.models import GatewayEvent

PAUSE = 5


class Command(BaseCommand):
    help = (
        "Bind to the SMS centre as a receiver (SMPP_HOST, SMPP_PORT, SMPP_SYSTEM_ID, SMPP_PASSWORD) and keep every receipt and "
        "reply until it is acknowledged. Runs for ever; start it once beside the worker when SMS_GATEWAY is smpp."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", type=float, metavar="SECONDS", help="stop after so many seconds")

    def handle(self, *args, once, **options):
        until = time.monotonic() + once if once else None
        self.count = 0
        while until is None or time.monotonic() < until:
            try:
                self.listen(until)
            except (PDUError, Broken, OSError) as error:
                self.stderr.write(f"SMS centre: {error or 'connection lost'}")
                if until is None or time.monotonic() + PAUSE < until:
                    time.sleep(PAUSE)
                else:
                    break
        self.stdout.write(f"{self.count} deliveries taken.")

    def listen(self, until):
        """One bound session; a delivery is acknowledged when it is stored, so that none is lost."""
        client = connect("receiver")
        client.timeout = 1
        client.set_message_received_handler(self.take)
        client._socket.settimeout(1)
        last = time.monotonic()
        try:
            while until is None or time.monotonic() < until:
                try:
                    client.read_once(auto_send_enquire_link=False)
                except TimeoutError:
                    if time.monotonic() - last > 30:
                        client.read_once()
                        last = time.monotonic()
            client.unbind()
        finally:
            drop(client)

    def take(self, pdu, **_kwargs):
        """Store one delivery; anything wrong asks the centre to deliver it again later."""
        try:
            self.count += self.store(read_delivery(pdu))
        except Exception as error:
            self.stderr.write(f"a delivery could not be stored: {error!r}")
            return consts.SMPP_ESME_RSYSERR
        return consts.SMPP_ESME_ROK

    def store(self, delivered):
        """One event per receipt and state; a reply has no number of its own, so sender, text and minute make it one."""
        now = timezone.now()
        text = hashlib.sha256(delivered.text.encode("utf-8", "replace")).hexdigest()[:16]
        if delivered.number:
            return take_event(
                key=f"smpp:{delivered.number}:{delivered.state}",
                kind=GatewayEvent.Kind.RECEIPT,
                channel="sms",
                payload={"id": delivered.number, "state": delivered.state},
                now=now,
            )
        return take_event(
            key=f"smpp:{delivered.sender}:{now:%Y%m%d%H%M}:{text}",
            kind=GatewayEvent.Kind.REPLY,
            channel="sms",
            payload={"from": delivered.sender, "text": delivered.text},
            now=now,
        )
