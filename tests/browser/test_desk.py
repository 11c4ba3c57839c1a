"""The agent's desk by keyboard alone, in Chinese and English, within the keys the trade allows (CB-2, ux section 2)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.actions import return_expired
from callbacks.models import Call, Task
from callbacks.states import TaskState
from callbacks.tests.make import make_agent
from complaints.models import Issue, SecondContact
from customers.models import BlacklistEntry
from surveys.models import Answer, Response
from tests.browser.make import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LANGUAGES = ["zh-hans", "en"]


class Desk:
    """The desk in a browser: presses keys, counts them, waits for states."""

    def __init__(self, page):
        self.page = page
        self.keys = 0

    def open(self):
        self.page.goto("/desk/")
        return self

    def press(self, *keys):
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def state(self, name):
        expect(self.page.locator(f".desk[data-state={name}]")).to_be_visible(timeout=20_000)

    def answer(self, digits):
        """One digit per question; each waits until the page has gone on, as a person's eye does."""
        for digit in digits:
            before = self.step()
            self.press(digit)
            self.page.wait_for_function(
                "before => document.querySelector('.desk-strip .here')?.dataset.strip !== before", arg=before
            )

    def step(self):
        return self.page.locator(".desk-strip .here").get_attribute("data-strip")

    def to_talk(self):
        """From the preview into the conversation: two keys."""
        self.press("Enter")
        self.state("ringing")
        self.press("Enter")
        self.state("talk")

    def fetch(self):
        """The first task of the shift; not counted, it comes with the save of the one before."""
        self.page.keyboard.press("Enter")
        self.state("preview")
        return self


@pytest.fixture
def desk(page):
    return Desk(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_satisfied_customer_takes_ten_keys(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("155515")
    desk.press("Enter")
    desk.state("wrap")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 10
    call = Call.objects.get()
    assert (call.disposition.code, call.agent, call.response.complete) == ("DONE", shift.agent, True)
    assert Answer.objects.filter(asked=True).count() == 6
    assert Task.objects.get(pk=call.task_id).state == TaskState.DONE
    assert desk.page.locator("html").get_attribute("lang") == language
    number = call.customer.phones.get(preferred=True).number
    assert desk.page.evaluate("window.dialled") == [f"tel:{number}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_takes_two_keys_and_brings_the_next_task(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    desk.press("1")
    desk.state("preview")
    assert desk.keys == 2
    assert Call.objects.get().disposition.code == "NA"
    held = Task.objects.get(agent=shift.agent, state=TaskState.CLAIMED)
    assert held.pk != Call.objects.get().task_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dissatisfied_customer_with_a_major_issue_gets_a_second_contact(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("12")
    desk.press("2", "Enter")  # why: speed
    desk.answer("2515")
    desk.press("i", "1", "1")  # urgent, payment too slow; the text has the focus
    desk.page.keyboard.insert_text("等了三周还没到账")
    desk.press("Escape", "m", "Enter")
    desk.state("wrap")
    expect(desk.page.locator("[name=disposition]:checked")).to_have_value("DONE_ISSUE")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys <= 17
    issue = Issue.objects.get()
    assert (issue.major, issue.urgency, issue.problem_point) == (True, "urgent", shift.point)
    assert issue.description == "等了三周还没到账"
    assert SecondContact.objects.get().issue == issue
    assert Call.objects.get().disposition.code == "DONE_ISSUE"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_appointment_takes_five_keys_and_comes_back_to_its_agent(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("c", "1", "Enter")
    desk.state("preview")
    assert desk.keys == 5
    task = Task.objects.get(pk=Call.objects.get().task_id)
    assert (task.state, task.appointment, task.reserved_for) == (TaskState.PLANNED, True, shift.agent)
    assert timedelta(hours=23) < task.due_at - timezone.now() < timedelta(hours=25)


@pytest.mark.parametrize("language", LANGUAGES)
def test_do_not_call_again_takes_four_keys_and_blocks_the_number(desk, sign_in, language):
    shift = Shift(tasks=2, language=language)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("d")
    desk.state("wrap")
    expect(desk.page.locator("[name=disposition]:checked")).to_have_value("DNC")
    desk.press("Enter")
    desk.state("preview")
    assert desk.keys == 4
    assert Call.objects.get().disposition.do_not_call
    assert BlacklistEntry.objects.exists()


def test_refused_midway_keeps_the_answers_that_were_given(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("15")
    desk.press("h")
    desk.state("wrap")
    assert desk.page.locator("[name=disposition]:checked").count() == 0
    desk.press("6", "Enter")
    desk.state("idle")
    assert Call.objects.get().disposition.code == "BREAKOFF"
    assert Response.objects.get().complete is False
    assert Answer.objects.filter(asked=True).count() == 2


def test_reloading_in_the_middle_of_the_talk_restores_step_answers_and_clock(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.answer("15")
    step = desk.step()
    with desk.page.expect_response("**/draft/"):
        desk.page.fill("textarea[name=note]", "半句话")
    since = desk.page.locator("[data-since]").get_attribute("data-since")
    desk.page.reload()
    desk.state("talk")
    assert desk.step() == step
    assert desk.page.input_value("textarea[name=note]") == "半句话"
    assert desk.page.locator("[data-since]").get_attribute("data-since") == since
    assert desk.page.locator("[name^='a-']:checked").count() == 2
    assert desk.page.evaluate("window.dialled") == []


def test_a_dead_browser_gives_the_task_to_a_second_agent_and_the_stale_tab_keeps_its_text(
    desk, sign_in, chromium, live_server
):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    task = Task.objects.get(agent=shift.agent)
    # Nothing is heard of the page any more, for longer than the lease.
    Task.objects.filter(pk=task.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return_expired(now=timezone.now())
    second = make_agent(shift.team)
    other = chromium.new_context(base_url=live_server.url)
    cookies = desk.page.context.cookies()
    sign_in(second)
    other.add_cookies(desk.page.context.cookies())
    desk.page.context.clear_cookies()
    desk.page.context.add_cookies(cookies)
    tab = Desk(other.new_page())
    tab.open().fetch()
    assert Task.objects.get(pk=task.pk).agent == second
    tab.to_talk()
    # The first tab comes back to life and goes on as if nothing had happened.
    desk.press("Enter")
    expect(desk.page.locator("#refused [data-code=lease_lost]")).to_be_visible()
    desk.state("preview")
    other.close()


def test_a_save_from_a_stale_tab_is_refused_and_its_text_stays_on_the_page(desk, sign_in):
    shift = Shift(tasks=2)
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("h")
    desk.state("wrap")
    desk.page.fill("textarea[name=note]", "客户说周三再打")
    task = Task.objects.get(agent=shift.agent)
    second = make_agent(shift.team)
    Task.objects.filter(pk=task.pk).update(agent=second, token=task.token + 1)
    desk.press("Escape", "5", "Enter")
    expect(desk.page.locator("#refused .alert")).to_have_count(1)
    expect(desk.page.locator("#refused [data-code=lease_lost]")).to_be_in_viewport()
    assert desk.page.input_value("textarea[name=note]") == "客户说周三再打"
    assert not Call.objects.exists()
    desk.press("Enter")  # the one action left: the next task
    desk.state("preview")
    assert Task.objects.get(agent=shift.agent, state=TaskState.CLAIMED).pk != task.pk


def test_a_refused_save_says_so_once_in_view_and_keeps_everything(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("h")
    desk.state("wrap")
    desk.page.fill("textarea[name=note]", "说得很急")
    desk.press("Escape", "1", "Enter")  # completed, but nothing was asked
    expect(desk.page.locator("#refused .alert")).to_have_count(1)
    expect(desk.page.locator("#refused .alert")).to_be_in_viewport()
    assert desk.page.input_value("textarea[name=note]") == "说得很急"
    assert desk.page.evaluate("document.documentElement.scrollHeight") <= 768
    # Back to the questions, answer them, and save.
    desk.page.locator(".desk-strip button").first.click()
    desk.answer("155515")
    desk.press("1", "Enter")
    desk.state("idle")
    assert Call.objects.get().response.complete


def test_an_input_method_at_work_never_triggers_a_command(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    step = desk.step()
    composing = """([key, code]) => {
        const note = document.querySelector("textarea[name=note]");
        for (const target of [note, document.querySelector(".desk-question.here input")]) {
            target.focus();
            target.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
            target.dispatchEvent(new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true }));
            target.dispatchEvent(new KeyboardEvent("keydown", { key, keyCode: 229, bubbles: true, cancelable: true }));
            target.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "好" }));
        }
    }"""
    for key in ("h", "Enter", "1", "i", "c", "d", "Escape"):
        desk.page.evaluate(composing, [key, ""])
    desk.page.wait_for_timeout(300)
    desk.state("talk")
    assert desk.step() == step
    assert desk.page.locator("[name^='a-']:checked").count() == 0
    assert not desk.page.locator("[data-panel=issue]").is_visible()


def test_digits_and_letters_in_a_text_box_are_text(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    step = desk.step()
    desk.press("/")
    desk.page.keyboard.type("h1 i2 c3 d0 b?")
    assert desk.page.input_value("textarea[name=note]") == "h1 i2 c3 d0 b?"
    desk.press("Escape")
    assert desk.page.evaluate("document.activeElement.name").startswith("a-")
    assert desk.step() == step
    desk.state("talk")
    desk.press("1")
    desk.page.wait_for_timeout(300)
    assert desk.step() != step


def test_commands_of_one_key_can_be_switched_off(desk, sign_in):
    shift = Shift()
    shift.agent.keyboard_commands = False
    shift.agent.save()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    for key in ("h", "i", "c", "d", "b", "l", "?", "/"):
        desk.press(key)
    desk.page.wait_for_timeout(300)
    desk.state("talk")
    assert not desk.page.locator("[data-panel=issue]").is_visible()
    assert not desk.page.locator("#desk-help").is_visible()
    desk.answer("15")  # the digits act on the question that has the focus
    desk.page.evaluate("document.activeElement.blur()")
    step = desk.step()
    desk.press("5")
    desk.page.wait_for_timeout(300)
    assert desk.step() == step


def test_the_help_lists_the_keys_of_the_screen(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.to_talk()
    desk.press("?")
    listed = desk.page.locator("#desk-help dt").all_inner_texts()
    shown = desk.page.eval_on_selector_all(
        "[data-key]",
        "all => all.filter(e => e.getClientRects().length && !e.disabled).map(e => e.dataset.key.toUpperCase())",
    )
    away = [
        f"G {key.upper()}"
        for key in desk.page.eval_on_selector_all("[data-go]", "all => all.map(e => e.dataset.go)")
    ]
    assert listed == shown + away
    assert away == ["G Q", "G D"]
    assert {"ENTER", "H", "I", "C", "D", "?"} <= set(listed)
    desk.press("Escape")
    desk.state("talk")


def test_without_a_line_the_save_is_repeated_and_makes_one_call(desk, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    desk.open().fetch()
    desk.press("Enter")
    desk.state("ringing")
    desk.page.context.set_offline(True)
    desk.press("1")
    expect(desk.page.locator("#desk-offline")).to_be_visible()
    assert desk.page.locator("#refused .alert").count() == 0
    desk.page.context.set_offline(False)
    desk.state("idle")
    assert Call.objects.get().disposition.code == "NA"
    desk.page.trouble.clear()  # the browser logs the request that met no network


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_fits_the_screen_and_never_shifts(desk, sign_in, language):
    statements = [("为保证服务质量,本次通话将被录音。", "This call is recorded.")]
    shift = Shift(tasks=1, language=language, statements=statements)
    sign_in(shift.agent)
    page = desk.page
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {"
        " if (!entry.hadRecentInput) window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true });"
    )
    desk.open()
    places = []

    def look():
        page.wait_for_timeout(100)
        size = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight, innerWidth, innerHeight]"
        )
        assert size[0] <= size[2]
        assert size[1] <= size[3]
        box = page.locator(".desk-primary:visible").bounding_box()
        places.append((round(box["x"]), round(box["y"])))

    look()
    desk.fetch()
    look()
    desk.press("Enter")
    desk.state("ringing")
    look()
    desk.press("Enter")
    desk.state("talk")
    look()
    assert page.evaluate("document.activeElement.name") == "statement"
    desk.press("Space")
    desk.answer("12")
    look()
    desk.press("1", "Enter")
    desk.press("i")
    look()
    desk.press("Escape")
    desk.answer("5515")
    look()
    desk.press("Enter")
    desk.state("wrap")
    look()
    assert len(set(places)) == 1
    assert page.evaluate("window.shift") < 0.02


def test_the_desk_reflows_at_four_hundred_percent(desk, sign_in):
    shift = Shift(language="en")
    sign_in(shift.agent)
    desk.page.set_viewport_size({"width": 320, "height": 256})
    desk.open().fetch()
    for state in ("preview", "ringing", "talk"):
        desk.state(state)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 320
        desk.press("Enter")
