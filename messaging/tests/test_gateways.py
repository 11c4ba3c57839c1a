"""The ways out, against real servers on this machine: SMTP and signed HTTP (CB-9)."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller

from messaging.actions import send_due
from messaging.gateways import Envelope, NotSent, Uncertain, gateway_for
from messaging.models import Message
from messaging.rules.signatures import BadSignature, verify
from messaging.tests.make import NOW, make_message, make_version


class Sink:
    """Keeps what is delivered; answers as it is told."""

    def __init__(self):
        self.mails, self.recipient_answer, self.data_answer = [], "", ""

    async def handle_RCPT(self, server, session, envelope, address, _options):
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer == "hang up":
            server.transport.abort()
            return "451 never heard"
        if self.data_answer:
            return self.data_answer
        self.mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def smtp(settings):
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=0)
    # The controller tries the port it was told, so a free one is found first.
    controller.port = free_port()
    controller.start()
    settings.EMAIL_GATEWAY = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "回访中心 <callcenter@example.org>"
    yield sink
    controller.stop()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mail(recipient="k@example.com"):
    return Envelope("key:1", "email", recipient, "主题\n二", "您好,王女士")


@pytest.mark.django_db
def test_mail_arrives_with_the_same_message_id_at_every_attempt(smtp):
    message = make_message(version=make_version("email"))
    assert send_due(now=NOW) == 1
    message = Message.objects.get()
    assert message.state == "sent"
    assert f"Message-ID: {message.gateway_id}" in smtp.mails[0]
    assert "List-Unsubscribe: <mailto:callcenter@example.org?subject=STOP>" in smtp.mails[0]
    with gateway_for("email") as gateway:
        first, second = gateway.send(mail()), gateway.send(mail())
    assert first.gateway_id == second.gateway_id
    assert len(smtp.mails) == 3


def test_refused_recipient_is_final_or_tried_again(smtp):
    with gateway_for("email") as gateway:
        for answer, again in (("550 no such user", False), ("450 busy", True)):
            smtp.recipient_answer = answer
            with pytest.raises(NotSent) as wrong:
                gateway.send(mail())
            assert wrong.value.again is again
        smtp.recipient_answer = ""
        gateway.send(mail())
    assert len(smtp.mails) == 1


def test_connection_that_breaks_after_the_text_is_uncertain_and_the_next_mail_goes(smtp):
    with gateway_for("email") as gateway:
        smtp.data_answer = "hang up"
        with pytest.raises(Uncertain):
            gateway.send(mail())
        smtp.data_answer = ""
        gateway.send(mail())
    assert len(smtp.mails) == 1


def test_refused_text_is_certain(smtp):
    smtp.data_answer = "554 spam"
    with gateway_for("email") as gateway, pytest.raises(NotSent) as wrong:
        gateway.send(mail())
    assert wrong.value.again is False


def test_no_mail_server_is_tried_again(settings):
    settings.EMAIL_GATEWAY = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with gateway_for("email") as gateway, pytest.raises(NotSent) as wrong:
        gateway.send(mail())
    assert wrong.value.again is True


@pytest.fixture
def provider(settings):
    """An HTTP provider that checks signatures, takes each key once, and answers as it is told."""
    asked = []

    class Provider(BaseHTTPRequestHandler):
        status, answer = 200, None

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((dict(self.headers), body))
            answer = Provider.answer or json.dumps({"id": "n:" + self.headers["Idempotency-Key"]})
            self.send_response(Provider.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY = "http"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.SMS_HTTP_SECRET = "shared"
    Provider.asked = asked
    yield Provider
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_sms_by_http_is_signed_and_carries_its_key(provider):
    message = make_message()
    assert send_due(now=NOW) == 1
    headers, body = provider.asked[0]
    from django.utils import timezone

    def check(data):
        verify(
            ["shared"],
            message_id=headers["Webhook-Id"],
            timestamp=headers["Webhook-Timestamp"],
            signatures=headers["Webhook-Signature"],
            body=data,
            now=timezone.now(),
        )

    check(body)
    with pytest.raises(BadSignature):
        check(body + b" ")
    assert json.loads(body)["text"] == "王女士您好"
    assert headers["Idempotency-Key"] == message.key
    message.refresh_from_db()
    assert (message.state, message.gateway_id) == ("sent", f"n:{message.key}")


@pytest.mark.parametrize(
    ("status", "answer", "again"),
    [
        (400, None, False),
        (404, None, False),
        (429, None, True),
        (500, None, True),
        (302, None, False),
        (200, "[]", True),
        (200, "no json", True),
        (200, '{"id": ""}', True),
    ],
)
def test_refusals_of_the_provider(provider, status, answer, again):
    provider.status, provider.answer = status, answer
    with gateway_for("sms") as gateway, pytest.raises(NotSent) as wrong:
        gateway.send(Envelope("key:1", "sms", "+8613800138000", "", "好"))
    assert wrong.value.again is again
    assert len(provider.asked) == 1


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "http://127.0.0.1:1/"])
def test_provider_that_is_not_there_is_tried_again(settings, address):
    settings.SMS_GATEWAY, settings.SMS_HTTP_URL = "http", address
    with gateway_for("sms") as gateway, pytest.raises(NotSent) as wrong:
        gateway.send(Envelope("key:1", "sms", "+8613800138000", "", "好"))
    assert wrong.value.again is True
