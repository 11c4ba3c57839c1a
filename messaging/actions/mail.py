"""Inbound e-mail as it comes from a mail server: replies of customers, and reports that nothing arrived (CB-9)."""

import hashlib
import re
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from callcenter.errors import Refused
from customers.models import Channel
from messaging.actions.receiving import take_event
from messaging.models import GatewayEvent

LARGEST = 2_000_000
# Where people's programs begin to quote what they answer.
_QUOTED = re.compile(
    r"^(>|-{2,}\s*(original|原始|原邮件|回复的|转发)|_{10,}|on .{5,120} wrote:"
    r"|在.{5,80}写道|发件人[:\uff1a]|寄件者[:\uff1a]|from: )",
    re.IGNORECASE,
)


def receive_mail(*, raw: bytes, now: datetime) -> str:
    """Take one e-mail (RFC 5322); returns what it was: reply, bounce, automatic, or again.

    Raises ``Refused`` for what is too large or has no sender.
    """
    if len(raw) > LARGEST:
        raise Refused("The e-mail is larger than 2 MB.", code="too_large")
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    sender = parseaddr(_header(mail, "From"))[1]
    number = _header(mail, "Message-ID").strip() or hashlib.sha256(raw).hexdigest()
    key = f"mail:{hashlib.sha256(number.encode()).hexdigest()}"
    if mail.get_content_type() == "multipart/report":
        created = take_event(
            key=key,
            kind=GatewayEvent.Kind.RECEIPT,
            channel=Channel.EMAIL,
            payload={"id": _reported(mail), "state": _fate(mail)},
            now=now,
        )
        return "bounce" if created else "again"
    if _header(mail, "Auto-Submitted").lower() not in ("", "no"):
        return "automatic"
    if not sender:
        raise Refused("The e-mail has no sender.", code="no_sender")
    subject = _header(mail, "Subject")
    text = answer_in(_text(mail))
    payload = {
        "from": sender,
        # "退订" is often written as the subject of an empty e-mail.
        "text": text or subject,
        "answers": _header(mail, "In-Reply-To").strip(),
    }
    created = take_event(
        key=key, kind=GatewayEvent.Kind.REPLY, channel=Channel.EMAIL, payload=payload, now=now
    )
    return "reply" if created else "again"


def _header(mail, name) -> str:
    """A header as text; one that cannot be read is none."""
    try:
        return str(mail.get(name, "")).replace("\0", "")
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, ValueError, KeyError, AttributeError):
        data = part.get_payload(decode=True)
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    if part.get_content_subtype() == "html":
        text = re.sub(
            r"<(style|script)\b.*?</\1>|<br[^>]*>|</p>", "\n", text, flags=re.DOTALL | re.IGNORECASE
        )
        text = re.sub(r"<[^>]*>", "", text)
    return text.replace("\0", "")


def answer_in(text: str) -> str:
    """What the customer has written above the quoted message."""
    lines = []
    for line in text.splitlines():
        if _QUOTED.match(line.strip()):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def _reported(mail) -> str:
    """The Message-ID of the e-mail a report speaks of."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            payload = part.get_payload()
            text = payload[0].as_string() if isinstance(payload, list) else str(payload)
            found = re.search(r"^Message-ID:\s*(<[^>\s]{1,200}>)", text, re.IGNORECASE | re.MULTILINE)
            if found:
                return found[1]
    return ""


def _fate(mail) -> str:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            found = re.search(r"^Action:\s*(\w+)", part.as_string(), re.IGNORECASE | re.MULTILINE)
            return found[1] if found else ""
    return ""
