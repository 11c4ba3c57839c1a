"""A small Asterisk drives the desk: it rings, it is answered, somebody hangs up; without it the keys count (CB-13)."""

import threading

import pytest
from django.db import connections
from playwright.sync_api import expect

from callbacks.management.commands.listen_calls import Command
from callbacks.models import Attempt, Call
from callbacks.tests.exchange_machine import exchange
from tests.browser.make import Shift
from tests.browser.test_desk import LANGUAGES, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def desk(page):
    return Desk(page)


@pytest.fixture
def asterisk(settings):
    """An exchange, and the listener at work in a thread of this process."""
    with exchange(settings) as machine:
        command = Command()

        def listen():
            try:
                command.handle(once=120)
            finally:
                connections.close_all()

        thread = threading.Thread(target=listen)
        thread.start()
        machine.do("wait")
        machine.told("did")
        yield machine
        command.until = 0.0
        thread.join(20)


def on_shift(sign_in, language="zh-hans", **fields):
    shift = Shift(**fields, language=language)
    shift.agent.extension = "101"
    shift.agent.save()
    sign_in(shift.agent)
    return shift


def note(desk):
    return desk.page.locator("[data-line-note]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_ring_answer_and_hang_up_move_the_desk_by_themselves(desk, sign_in, asterisk, language):
    shift = on_shift(sign_in, language, tasks=2)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    asterisk.told("originate")
    assert desk.page.evaluate("window.dialled") == []
    asterisk.do("ring")
    ringing = {"zh-hans": "客户的电话正在振铃。", "en": "The customer's phone is ringing."}
    expect(note(desk)).to_have_text(ringing[language], timeout=15_000)
    asterisk.do("answer")
    desk.state("talk")
    desk.answer("1")
    desk.press("/")
    desk.page.keyboard.insert_text("客户在开车")
    asterisk.do("customer hangs up")
    desk.state("wrap")
    assert desk.page.locator("[data-note]").input_value() == "客户在开车"
    desk.page.keyboard.press("Escape")
    desk.press("6", "Enter")
    desk.state("preview")
    call, attempt = Call.objects.get(), Attempt.objects.get()
    assert (call.disposition.code, call.hung_up_by, call.note) == ("BREAKOFF", "customer", "客户在开车")
    assert (call.answered_at, call.ended_at) == (attempt.answered_at, attempt.ended_at)
    assert call.agent == shift.agent


def test_busy_line_says_so_and_one_key_saves_it(desk, sign_in, asterisk):
    on_shift(sign_in, tasks=2)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    asterisk.told("originate")
    asterisk.do("ring")
    asterisk.do("end", status="BUSY")
    expect(note(desk)).to_have_text("线路忙。", timeout=15_000)
    expect(desk.page.locator("button[value=BUSY]")).to_be_focused()
    desk.press("2")
    desk.state("preview")
    assert Call.objects.get().disposition.code == "BUSY"


def test_hanging_up_on_the_page_hangs_up_at_the_exchange(desk, sign_in, asterisk):
    on_shift(sign_in)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    asterisk.told("originate")
    asterisk.do("ring")
    asterisk.do("answer")
    desk.state("talk")
    desk.press("h")
    desk.state("wrap")
    asterisk.told("hangup")


def test_exchange_that_is_gone_leaves_the_desk_to_its_keys(desk, sign_in, settings):
    settings.TELEPHONY, settings.ASTERISK_PORT = "asterisk", 1
    on_shift(sign_in, tasks=2)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    expect(note(desk)).to_contain_text("电话系统没有应答")
    assert desk.page.evaluate("window.dialled") == [f"tel:{Attempt.objects.get().number}"]
    desk.press("Enter")
    desk.state("talk")
    desk.press("h")
    desk.state("wrap")
    desk.press("5", "Enter")
    desk.state("preview")
    assert Call.objects.get().disposition.code == "REFUSE"
