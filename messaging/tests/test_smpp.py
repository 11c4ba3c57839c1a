"""SMS over SMPP against an SMS centre in a process of its own (CB-9)."""

import json
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from messaging.actions import send_due
from messaging.gateways import Envelope, NotSent, Uncertain, gateway_for
from messaging.models import Message, Reply
from messaging.tests import sms_centre
from messaging.tests.make import NOW, load_texts, make_message, make_reachable

pytestmark = pytest.mark.services


class Centre:
    """The process, and what it says."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, sms_centre.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self.hear("port")["port"]

    def hear(self, key):
        """The next line that has the key."""
        while line := self.process.stdout.readline():
            facts = json.loads(line)
            if key in facts:
                return facts
        raise AssertionError(f"the centre ended without saying {key}")

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def behave(self, how):
        self.tell(behave=how)
        self.hear("behaves")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def centre(settings):
    started = Centre()
    settings.SMS_GATEWAY, settings.SMS_SENDER = "smpp", "10690000"
    settings.SMPP_HOST, settings.SMPP_PORT = "127.0.0.1", started.port
    settings.SMPP_SYSTEM_ID, settings.SMPP_PASSWORD = "callcenter", "geheim"
    yield started
    started.close()


def text(body):
    return Envelope("key:1", "sms", "+8613800138000", "", body)


def test_chinese_text_arrives_as_it_was_written(centre):
    with gateway_for("sms") as gateway:
        answer = gateway.send(text("王女士您好,感谢接听。😀"))
        heard = centre.hear("target")
    assert (heard["target"], heard["source"], heard["coding"]) == ("8613800138000", "10690000", 8)
    assert (heard["text"], heard["receipt"], heard["header"]) == ("王女士您好,感谢接听。😀", 1, [])
    assert answer.gateway_id == heard["id"]


def test_long_text_is_one_chain_and_asks_for_one_receipt(centre):
    body = "好" * 66 + "😀" + "完" * 10
    with gateway_for("sms") as gateway:
        answer = gateway.send(text(body))
        parts = [centre.hear("target"), centre.hear("target")]
    assert "".join(part["text"] for part in parts) == body
    assert [part["header"][-2:] for part in parts] == [[2, 1], [2, 2]]
    assert parts[0]["header"][:4] == parts[1]["header"][:4]
    assert [part["receipt"] for part in parts] == [0, 1]
    assert answer.gateway_id == parts[1]["id"]


def test_latin_text_goes_as_gsm7(centre):
    with gateway_for("sms") as gateway:
        gateway.send(text("Hello"))
        heard = centre.hear("target")
    assert (heard["text"], heard["coding"]) == ("Hello", 0)


def test_wrong_password_is_tried_again_later(centre, settings):
    settings.SMPP_PASSWORD = "falsch"
    with gateway_for("sms") as gateway, pytest.raises(NotSent) as wrong:
        gateway.send(text("好"))
    assert wrong.value.again is True


def test_refusals_and_a_broken_connection(centre):
    with gateway_for("sms") as gateway:
        for how, again in (("throttle", True), ("reject", False)):
            centre.behave(how)
            with pytest.raises(NotSent) as wrong:
                gateway.send(text("好"))
            assert wrong.value.again is again
        centre.behave("hang up")
        with pytest.raises(Uncertain):
            gateway.send(text("好"))
        centre.behave("ok")
        assert gateway.send(text("好")).gateway_id


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_message_receipt_and_reply_from_end_to_end(centre):
    load_texts()
    customer = make_reachable(phones=["+8613800138000"])
    make_message(customer)
    # The receiver lives by the clock on the wall: the reply answers a message of today.
    assert send_due(now=NOW) == 1
    Message.objects.update(sent_at=timezone.now())
    message = Message.objects.get()
    assert (message.state, message.gateway) == ("sent", "smpp")
    receiver = threading.Thread(target=lambda: (call_command("receive_sms", once=6), connections.close_all()))
    receiver.start()
    assert centre.hear("bound")["bound"] == "transmitter"
    assert centre.hear("bound")["bound"] == "receiver"
    time.sleep(0.3)
    centre.tell(receipt=message.gateway_id, state="DELIVRD")
    assert centre.hear("answered") == {"answered": 5, "status": 0}
    # The centre did not see our answer and delivers it once more.
    centre.tell(receipt=message.gateway_id, state="DELIVRD")
    centre.hear("answered")
    centre.tell(**{"from": "8613800138000", "text": "5 服务很好"})
    assert centre.hear("answered") == {"answered": 5, "status": 0}
    receiver.join(20)
    message.refresh_from_db()
    assert message.state == "delivered"
    reply = Reply.objects.get()
    assert (reply.body, reply.customer, reply.message) == ("5 服务很好", customer, message)
