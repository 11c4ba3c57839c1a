"""A break asked for in a call, a browser that crashes, and the way back; going to other pages by two keys (ux.md 3.3, 6)."""

import pytest
from playwright.sync_api import expect

from callbacks.models import Call
from people.models import Activity
from people.states import ActivityKind
from tests.browser.make import Shift
from tests.browser.test_desk import LANGUAGES, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_break_waits_for_the_call_and_outlives_a_crash_of_the_browser(page, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk = Desk(page).open().fetch()
    desk.to_talk()
    desk.answer("155")
    before = desk.keys
    desk.press("p", "1")
    expect(page.locator("[data-rest=asked]")).to_be_visible()
    assert desk.keys - before == 2
    expect(page.locator("[data-saved]")).not_to_be_empty()
    page.wait_for_timeout(800)
    context = page.context
    page.close()  # the browser crashes in the middle of the call
    desk = Desk(context.new_page()).open()
    desk.state("talk")
    # An input method at work on the page that has come back triggers nothing.
    desk.page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key: "5", isComposing: true, bubbles: true }))"""
    )
    desk.answer("515")
    desk.press("Enter")
    desk.state("wrap")
    desk.press("Enter")
    running = desk.page.locator("[data-rest-running]")
    expect(running).to_be_visible()
    assert desk.keys == 5
    call = Call.objects.get()
    assert (call.disposition.code, call.response.complete) == ("DONE", True)
    assert Activity.objects.get(agent=shift.agent, ended_at=None).kind == ActivityKind.BREAK
    desk.page.close()  # and once more, during the break
    desk = Desk(context.new_page()).open()
    running = desk.page.locator("[data-rest-running]")
    expect(running).to_be_visible()
    desk.press("Enter")
    expect(running).to_have_count(0)
    expect(desk.page.locator("[data-clock-box] [data-since]")).to_be_visible()
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 2
    assert Call.objects.count() == 1
    kinds = (
        Activity.objects.filter(agent=shift.agent).order_by("started_at", "id").values_list("kind", flat=True)
    )
    assert list(kinds).count(ActivityKind.BREAK) == 1


def test_g_and_a_key_lead_to_other_pages_and_text_stays_text(page, sign_in):
    shift = Shift(tasks=1)
    sign_in(shift.agent)
    desk = Desk(page).open().fetch()
    desk.to_talk()
    desk.press("/")
    page.keyboard.type("gd")
    assert page.input_value("textarea[name=note]") == "gd"
    expect(page.locator("[data-saved]")).not_to_be_empty()
    page.wait_for_timeout(800)
    desk.press("Escape", "g", "d")
    page.wait_for_url("**/desk/day/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/desk/")
    desk.state("talk")
    assert page.input_value("textarea[name=note]") == "gd"
    # G alone spoils no answer.
    page.keyboard.press("g")
    desk.answer("1")
    shift.agent.keyboard_commands = False
    shift.agent.save(update_fields=["keyboard_commands"])
    page.goto("/desk/day/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_timeout(500)
    assert page.url.endswith("/desk/day/")
