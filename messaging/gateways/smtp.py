"""E-mail by SMTP, with Django's mail settings (EMAIL_URL)."""

import hashlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from messaging.gateways.port import Accepted, Gateway, NotSent, Uncertain


class SmtpGateway(Gateway):
    """One connection for all messages of a sweep. The same key is always the same Message-ID."""

    name = "smtp"

    def __enter__(self):
        self.connection = get_connection()
        return self

    def __exit__(self, *_error):
        self.connection.close()

    def send(self, envelope):
        """Hand over one e-mail. A refusal before the text was sent is certain; a break after it is not."""
        mail = self._mail(envelope)
        try:
            self.connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(str(error), again=True) from error
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise NotSent(str(error), again=all(400 <= code < 500 for code in codes)) from error
        except smtplib.SMTPResponseException as error:
            self.connection.close()
            raise NotSent(str(error), again=400 <= error.smtp_code < 500) from error
        except smtplib.SMTPServerDisconnected as error:
            self._forget()
            raise Uncertain(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise Uncertain(str(error)) from error
        return Accepted(gateway_id=mail.extra_headers["Message-ID"])

    def _forget(self):
        """A connection that broke is not closed politely but forgotten; the next message opens a new one."""
        if hasattr(self.connection, "connection"):
            self.connection.connection = None

    def _mail(self, envelope):
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        domain = address.rpartition("@")[2] or "localhost"
        number = hashlib.sha256(envelope.key.encode()).hexdigest()[:32]
        return EmailMessage(
            subject=" ".join(envelope.subject.split()),
            body=envelope.body,
            to=[envelope.recipient],
            connection=self.connection,
            reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
            headers={
                "Message-ID": f"<{number}@{domain}>",
                "List-Unsubscribe": f"<mailto:{settings.REPLY_TO_EMAIL or address}?subject=STOP>",
                "Auto-Submitted": "auto-generated",
            },
        )
