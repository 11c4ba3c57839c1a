"""SMS by SMPP 3.4: submitting over a bound connection, and reading what an SMS centre delivers.

A text of several parts goes out as a chain; the receipt is asked for its last part. SMPP knows no idempotency key, so a
connection that breaks between submit and answer leaves an ``Uncertain`` message for a person to decide about.
"""

import itertools
import re
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from smpplib import consts, smpp
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as Broken
from smpplib.exceptions import PDUError

from messaging.gateways.port import Accepted, Gateway, NotSent, Uncertain
from messaging.rules.alphabets import UCS2, decoded, encoded, encoding_of
from messaging.rules.segments import parts_of

TIMEOUT = 10
CODINGS = {UCS2: consts.SMPP_ENCODING_ISO10646}
# Throttled, queue full, system error: the centre may take it later.
PASSING = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RSYSERR}
# The bits of esm_class that say what a delivery is, and the value of a receipt of the centre.
MESSAGE_TYPE, RECEIPT = 0x3C, 0x04
_chains = itertools.count(1)
_RECEIPT = re.compile(rb"id:(?P<id>[^ ]{1,120})(?= ).*?stat:(?P<state>[A-Za-z]{5,10})", re.DOTALL)


def connect(bind: str) -> Client:
    """A connection bound as ``bind`` (transmitter, receiver). Raises smpplib's errors."""
    client = Client(settings.SMPP_HOST, settings.SMPP_PORT, timeout=TIMEOUT, allow_unknown_opt_params=True)
    try:
        client.connect()
        getattr(client, f"bind_{bind}")(
            system_id=settings.SMPP_SYSTEM_ID, password=settings.SMPP_PASSWORD, interface_version=0x34
        )
    except BaseException:
        drop(client)
        raise
    return client


def drop(client):
    """Close the socket without ceremony."""
    if client._socket is not None:
        client._socket.close()
        client._socket = None
    client.state = consts.SMPP_CLIENT_STATE_CLOSED


class SmppGateway(Gateway):
    """One bound transmitter for all messages of a sweep."""

    name = "smpp"

    def __init__(self):
        self.client = None

    def __exit__(self, *_error):
        if self.client is not None:
            with suppress(PDUError, Broken, OSError):
                self.client.unbind()
            drop(self.client)

    def send(self, envelope):
        if self.client is None:
            try:
                self.client = connect("transmitter")
            except (PDUError, Broken, OSError) as error:
                raise NotSent(str(error) or "no connection to the SMS centre", again=True) from error
        parts = parts_of(envelope.body)
        encoding = encoding_of(envelope.body)
        chain = next(_chains) % 256
        number = ""
        for place, part in enumerate(parts, start=1):
            header = bytes([5, 0, 3, chain, len(parts), place]) if len(parts) > 1 else b""
            number = self._submit(
                header + encoded(part, encoding),
                envelope.recipient,
                coding=CODINGS.get(encoding, consts.SMPP_ENCODING_DEFAULT),
                chained=len(parts) > 1,
                first=place == 1,
                last=place == len(parts),
            )
        return Accepted(gateway_id=number)

    def _submit(self, data, recipient, *, coding, chained, first, last):
        sender = settings.SMS_SENDER
        try:
            sent = self.client.send_message(
                source_addr_ton=consts.SMPP_TON_UNK if sender.isdigit() else consts.SMPP_TON_ALNUM,
                source_addr=sender,
                dest_addr_ton=consts.SMPP_TON_INTL,
                dest_addr_npi=consts.SMPP_NPI_ISDN,
                destination_addr=recipient.lstrip("+"),
                short_message=data,
                data_coding=coding,
                esm_class=consts.SMPP_GSMFEAT_UDHI if chained else consts.SMPP_MSGMODE_DEFAULT,
                registered_delivery=consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH
                if last
                else consts.SMPP_SMSC_DELIVERY_RECEIPT_NONE,
            )
            answer = self._answer_to(sent.sequence)
        except (PDUError, Broken, OSError) as error:
            drop(self.client)
            self.client = None
            raise Uncertain(str(error) or "the connection to the SMS centre broke") from error
        if answer.is_error():
            reason = consts.DESCRIPTIONS.get(answer.status, f"SMPP {answer.status}")
            if not first:
                raise Uncertain(reason)
            raise NotSent(reason, again=answer.status in PASSING)
        return (answer.message_id or b"").decode("latin-1")

    def _answer_to(self, sequence):
        """The centre's answer to one request; its own requests in between are answered."""
        while True:
            pdu = self.client.read_pdu()
            if pdu.sequence == sequence and pdu.command in ("submit_sm_resp", "generic_nack"):
                return pdu
            if pdu.command == "enquire_link":
                answer = smpp.make_pdu("enquire_link_resp", client=self.client)
                answer.sequence = pdu.sequence
                self.client.send_pdu(answer)


@dataclass(frozen=True)
class Delivered:
    """What an SMS centre has delivered: a receipt (``number`` and ``state``) or a text from ``sender``."""

    sender: str
    text: str
    number: str = ""
    state: str = ""


def read_delivery(pdu) -> Delivered:
    """A ``deliver_sm`` as plain values."""
    data = pdu.short_message or getattr(pdu, "message_payload", None) or b""
    sender = (pdu.source_addr or b"").decode("latin-1")
    if pdu.esm_class & MESSAGE_TYPE == RECEIPT:
        match = _RECEIPT.search(data)
        number = getattr(pdu, "receipted_message_id", None) or (match["id"] if match else b"")
        return Delivered(
            sender, "", number.decode("latin-1"), match["state"].decode("latin-1").upper() if match else ""
        )
    if pdu.esm_class & consts.SMPP_GSMFEAT_UDHI and data:
        data = data[data[0] + 1 :]
    return Delivered(sender, decoded(data, pdu.data_coding))
