"""The desk's rarer states by keyboard, an input method at work: undo, three numbers, recovery, two windows, no line."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.actions import release_due, return_expired
from callbacks.models import Call, Task
from callbacks.states import TaskState
from campaigns.models import Account, Campaign
from customers.models import Customer, Phone
from desk.queries import rest
from tests.browser.make import Shift
from tests.browser.test_desk import LANGUAGES, Desk
from tests.browser.test_quality import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
# What an input method sends beside every key while it is composing; none of it may act.
COMPOSING = """
document.addEventListener("focusin", ({ target }) => {
  for (const init of [{ key: "Process", keyCode: 229 }, { key: "1", isComposing: true }, { key: "Enter", isComposing: true }]) {
    target.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
  }
});
"""


@pytest.fixture
def desk(page):
    page.add_init_script(COMPOSING)
    return Desk(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_of_the_finger_is_taken_back_with_one_key(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    desk.press("2")
    desk.state("preview")
    desk.press("z")
    desk.state("ringing")
    desk.press("1")
    desk.state("preview")
    assert desk.keys == 4
    assert Call.objects.counted().get().disposition.code == "NA"
    expect(desk.page.locator("[data-undo]")).to_be_hidden(timeout=10_000)


def test_the_closing_list_opens_by_itself_once_and_never_over_a_task(desk, sign_in, monkeypatch):
    shift = Shift(tasks=1)
    sign_in(shift.agent)
    desk.open().fetch()
    monkeypatch.setattr(rest, "CLOSING_FROM", time.min)
    desk.press("Enter")
    desk.state("ringing")
    desk.press("1")
    desk.page.wait_for_url("**/desk/closing/")
    desk.page.goto("/desk/")
    desk.state("idle")
    expect(desk.page.locator(".desk-bar a[href='/desk/closing/']")).to_be_visible()
    desk.page.wait_for_timeout(500)
    assert desk.page.url.endswith("/desk/")


def test_at_four_times_the_size_nothing_is_cut_off(desk, sign_in):
    """WCAG 1.4.10: a window of 1280 by 1024 at 400 %."""
    shift = Shift(tasks=1)
    sign_in(shift.agent)
    desk.page.set_viewport_size({"width": 320, "height": 256})
    desk.open().fetch()
    for key, state in (("Enter", "ringing"), ("Enter", "talk"), ("h", "wrap")):
        assert not faults(desk.page, "/desk/", "zh-hans")
        button = desk.page.locator(".desk-primary:visible").first
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        desk.press(key)
        desk.state(state)
    assert not faults(desk.page, "/desk/", "zh-hans")


def test_no_answer_on_three_numbers_takes_two_keys_each_and_tries_every_number(desk, sign_in):
    shift = Shift(tasks=0)
    task = shift.another_task()
    Phone.objects.create(customer=task.customer, number="+8613977770001")
    # A key customer may not be called so often.
    Customer.objects.update(key_customer=False)
    sign_in(shift.agent)
    desk.open()
    for attempt in range(3):
        Task.objects.update(state=TaskState.READY, due_at=timezone.now())
        desk.page.keyboard.press("Enter")
        desk.state("preview")
        desk.press("Enter")
        desk.state("ringing")
        desk.press("1")
        desk.state("idle")
        assert Call.objects.count() == attempt + 1
    assert desk.keys == 6
    assert len(set(Call.objects.values_list("number", flat=True))) == 3
    assert Task.objects.get(pk=task.pk).disposition.code == "EXH"
    assert Account.objects.get().useless_on is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_on_the_line_costs_one_key_more(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    Campaign.objects.update(identity_check=True)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("1155515")
    desk.press("Enter")
    desk.state("wrap")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 11
    assert Call.objects.get().spoke_to == "self"


def test_somebody_who_may_not_decide_ends_the_call_at_once(desk, sign_in):
    shift = Shift(tasks=2)
    Campaign.objects.update(identity_check=True)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("3")
    desk.press("Enter")
    desk.state("wrap")
    expect(desk.page.locator("[name=disposition]:checked")).to_have_value("GATE")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 5


def test_an_appointment_is_kept_by_its_agent(desk, sign_in):
    shift = Shift(tasks=1)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("c", "1", "Enter")
    desk.state("idle")
    task = Task.objects.get()
    assert (task.appointment, task.reserved_for) == (True, shift.agent)
    now = timezone.now()
    Task.objects.update(due_at=now, agreed_at=now, reserved_until=now + timedelta(minutes=15))
    shift.another_task()
    release_due(now=now)
    desk.page.keyboard.press("Enter")
    desk.state("preview")
    desk.to_talk()
    desk.answer("155515")
    desk.press("Enter")
    desk.state("wrap")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 15
    done = Call.objects.latest("id")
    assert (done.task_id, done.disposition.code) == (task.pk, "DONE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_left_by_a_crash_is_coded_with_two_keys(desk, sign_in, chromium, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("15")
    desk.press("/")
    desk.page.keyboard.insert_text("说到一半断电了")
    expect(desk.page.locator("[data-saved]")).not_to_be_empty()
    desk.page.wait_for_timeout(800)
    context = desk.page.context
    desk.page.close()  # the browser is gone
    Task.objects.held().update(lease_until=timezone.now() - timedelta(minutes=11))
    return_expired(now=timezone.now())
    again = Desk(context.new_page())
    again.open()
    again.state("recover")
    assert again.page.input_value("textarea[name=note]") == "说到一半断电了"
    again.press("6", "Enter")
    again.state("preview")
    assert again.keys == 2
    call = Call.objects.counted().get()
    assert (call.disposition.code, call.note, call.corrects is not None) == (
        "BREAKOFF",
        "说到一半断电了",
        True,
    )
    assert call.response.answers.filter(asked=True).exists()


def test_the_second_window_only_shows_until_the_agent_works_there(desk, sign_in):
    shift = Shift(tasks=2)
    sign_in(shift.agent)
    desk.open().fetch()
    other = Desk(desk.page.context.new_page())
    other.open()
    expect(other.page.locator("#desk-second")).to_be_visible()
    other.press("Enter")
    other.page.wait_for_timeout(300)
    other.state("preview")
    assert not Call.objects.exists()
    desk.press("Enter")
    desk.state("ringing")
    other.page.locator("[data-work-here]").click()
    other.state("ringing")
    expect(other.page.locator("#desk-second")).to_be_hidden()
    expect(desk.page.locator("#desk-second")).to_be_visible()
    other.press("1")
    other.state("preview")


def test_five_minutes_without_a_line_lose_nothing_and_double_nothing(desk, sign_in):
    shift = Shift(tasks=2)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    context = desk.page.context
    context.set_offline(True)
    desk.answer("155515")
    desk.press("/")
    desk.page.keyboard.insert_text("线路断了")
    desk.press("Escape", "h")
    expect(desk.page.locator("#desk-offline [data-waiting]")).to_be_visible()
    # Nothing is heard of the page for five minutes.
    Task.objects.held().update(lease_until=timezone.now() - timedelta(minutes=3, seconds=30))
    return_expired(now=timezone.now())
    context.set_offline(False)
    desk.state("wrap")
    context.set_offline(True)
    desk.press("Escape", "1", "Enter")
    expect(desk.page.locator("#desk-offline [data-waiting]")).to_be_visible()
    desk.page.wait_for_timeout(6_000)
    context.set_offline(False)
    desk.state("preview")
    call = Call.objects.get()
    assert (call.disposition.code, call.note, call.response.complete) == ("DONE", "线路断了", True)
    assert call.wrap_seconds < 8
    desk.page.trouble.clear()  # the browser logs the requests that met no network


def test_a_result_pressed_without_a_line_survives_the_browser(desk, sign_in):
    shift = Shift(tasks=2)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("15")
    context = desk.page.context
    context.set_offline(True)
    desk.answer("5515")
    desk.press("Enter")
    expect(desk.page.locator("#desk-offline")).to_be_visible()
    desk.page.close()
    context.set_offline(False)
    again = Desk(context.new_page())
    again.open()
    again.state("talk")
    assert again.step() == "end"  # every answer is there, also those the server had never seen
    again.press("Enter")
    again.state("wrap")
    context.set_offline(True)
    again.press("Enter")
    expect(again.page.locator("#desk-offline [data-waiting]")).to_be_visible()
    again.page.close()
    desk.page.trouble.clear()  # the browser logs the requests that met no network
    context.set_offline(False)
    last = Desk(context.new_page())
    last.open()
    expect(last.page.locator(".desk[data-state=idle], .desk[data-state=preview]")).to_be_visible(
        timeout=20_000
    )
    call = Call.objects.get()
    assert (call.disposition.code, call.response.complete) == ("DONE", True)
    kept = last.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('desk-'))")
    assert kept == []


def test_own_keys_act_and_are_shown(desk, sign_in):
    shift = Shift()
    shift.agent.desk_keys = {"hangup": "q", "note": "n"}
    shift.agent.save()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("h")
    desk.page.wait_for_timeout(200)
    desk.state("talk")
    desk.press("n")
    assert desk.page.evaluate("document.activeElement.name") == "note"
    desk.press("Escape", "?")
    assert "Q" in desk.page.locator("#desk-help dt").all_inner_texts()
    desk.press("Escape", "q")
    desk.state("wrap")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_accessible_and_fits(desk, sign_in, language):
    shift = Shift(tasks=3, language=language, statements=[("录音告知。", "This call is recorded.")])
    Campaign.objects.update(identity_check=True)
    sign_in(shift.agent)
    desk.open()
    code = {"zh-hans": "zh-hans", "en": "en"}[language]

    def look(state):
        desk.state(state)
        assert faults(desk.page, state, code) == []
        assert desk.page.evaluate("document.documentElement.scrollHeight") <= 768

    look("idle")
    desk.fetch()
    look("preview")
    desk.to_talk()
    look("talk")
    desk.press("1")
    desk.page.wait_for_timeout(300)
    desk.press("i")
    look("talk")
    desk.press("Escape", "h")
    look("wrap")
    desk.press("6", "Enter")
    desk.state("preview")
    desk.press("Enter")
    look("ringing")
    desk.press("1")
    look("preview")
    desk.to_talk()
    Task.objects.held().update(lease_until=timezone.now() - timedelta(minutes=11))
    return_expired(now=timezone.now())
    desk.open()
    look("recover")
    for address in ("/desk/day/", "/desk/closing/", "/desk/keys/"):
        desk.page.goto(address)
        assert faults(desk.page, address, code) == []
