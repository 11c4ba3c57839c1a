"""A break asked for by key at the desk, and the team's board that shows it within five seconds (ORG-5, KPI-10)."""

import time

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.tests.make import make_agent
from complaints.tests.make import make_issue
from people.actions import turn_to
from people.models import Activity, BreakRequest, FloorRule
from people.queries import running_of
from people.states import ActivityKind
from reports.actions import make_wall_link
from tests.browser.make import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LANGUAGES = ["zh-hans", "en"]
WITHIN = 5_000


@pytest.fixture
def shift(settings):
    cache.clear()
    # As in production: what is shown within five seconds waits for an old snapshot, too.
    settings.BOARD_SECONDS = 2
    # Whatever the hour of the run, it lies in a half-day.
    FloorRule.objects.create(
        morning_start="00:00", morning_end="12:00", afternoon_start="12:00", afternoon_end="23:59:59"
    )
    return Shift(tasks=2)


def second_page(chromium, context, live_server, user):
    """A lead's browser beside the agent's."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    other = chromium.new_context(base_url=live_server.url, viewport={"width": 1366, "height": 768})
    other.set_default_timeout(45_000)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: user.language or "zh-hans",
    }
    other.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    return other


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_break_is_on_the_board_within_five_seconds(
    page, chromium, context, live_server, sign_in, shift, language
):
    for person in (shift.agent, shift.lead):
        person.language = language
        person.save()
    sign_in(shift.agent)
    page.goto("/desk/")
    expect(page.locator("[data-rest=off]")).to_be_visible()
    other = second_page(chromium, context, live_server, shift.lead)
    board = other.new_page()
    board.goto("/team/")
    row = board.locator(f"tr[data-agent='{shift.agent.pk}']")
    expect(row).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("[data-rest-choice]")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("[data-rest-running]")).to_be_visible()
    began = time.monotonic()
    word = {"zh-hans": "小休", "en": "break"}[language]
    expect(row.locator(".board-state")).to_contain_text(word, timeout=WITHIN)
    assert time.monotonic() - began < WITHIN / 1000
    row.locator("form[action*=recall] button").click()
    expect(row.locator("form[action*=recall]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("[data-rest=off]")).to_be_visible()
    assert running_of(shift.agent).kind == ActivityKind.WAIT
    assert Activity.objects.get(kind=ActivityKind.BREAK).recalled_at is not None
    other.close()


def test_keys_of_the_break_dialog_do_not_answer_the_question_behind_it(page, sign_in, shift):
    sign_in(shift.agent)
    page.goto("/desk/")
    page.keyboard.press("Enter")
    expect(page.locator(".desk[data-state=preview]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".desk[data-state=ringing]")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("[data-rest-choice]")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("[data-rest=asked]")).to_be_visible()
    expect(page.locator(".desk[data-state=ringing]")).to_be_visible()
    assert BreakRequest.objects.get().state == "after_call"
    page.keyboard.press("1")
    expect(page.locator("[data-rest-running]")).to_be_visible()
    expect(page.locator(".desk[data-state=idle]")).to_be_visible()


def test_a_lead_approves_a_break_beyond_the_places(page, chromium, context, live_server, sign_in, shift):
    resting = make_agent(shift.team)
    turn_to(ActivityKind.BREAK, agent=resting, now=timezone.now())
    sign_in(shift.agent)
    page.goto("/desk/")
    expect(page.locator("[data-rest=off]")).to_be_visible()
    page.keyboard.press("p")
    page.keyboard.press("1")
    expect(page.locator("[data-rest=asked]")).to_be_visible()
    other = second_page(chromium, context, live_server, shift.lead)
    board = other.new_page()
    board.goto("/team/")
    board.locator("form[action*=approve] button").click()
    expect(board.locator("form[action*=approve]")).to_have_count(0)
    expect(page.locator("[data-rest-running]")).to_be_visible(timeout=WITHIN)
    other.close()


def test_an_urgent_issue_is_on_the_open_board_within_five_seconds(page, sign_in, shift):
    sign_in(shift.lead)
    page.goto("/team/")
    expect(page.locator("[data-urgent='0']")).to_be_visible()
    issue = make_issue(shift, now=timezone.now())
    expect(page.locator("[data-urgent='1']")).to_contain_text(f"#{issue.pk}", timeout=WITHIN)
    assert page.title().startswith("(1)")


def test_the_television_turns_dark_when_its_link_is_revoked(page, shift):
    link = make_wall_link(
        team=shift.team, name="大厅", language="zh-hans", days=3, by=shift.lead, now=timezone.now()
    )
    page.goto(f"/wall/{link.token}/")
    expect(page.locator("[data-wall-page]:not([hidden])")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-wall-pause]")).to_have_attribute("aria-pressed", "true")
    link.revoked_at = timezone.now()
    link.save()
    expect(page.locator("[data-wall-stale]")).to_be_visible(timeout=10_000)
    expect(page.locator("[data-wall-page]")).to_have_count(0)
    # Only the browser calls this answer an error.
    page.trouble[:] = [line for line in page.trouble if "404" not in line]
