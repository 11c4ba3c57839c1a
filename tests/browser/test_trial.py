"""Trials by keyboard alone, in Chinese and English: the confirming call, the page of a trial, the customer's link (CAM-10)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.actions import follow_trials, release_due
from callbacks.models import Order
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.trials import World
from tests.browser.test_desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LANGUAGES = ["zh-hans", "en"]
S = OrderState


@pytest.fixture(params=LANGUAGES)
def world(request):
    """A sale three weeks ago: the first question is due."""
    world = World()
    for person in (world.agent, world.lead):
        person.language = request.param
        person.save(update_fields=["language"])
    world.now = timezone.now()
    world.order = world.sale(now=world.now - timedelta(days=21))
    return world


def fresh(order):
    return Order.objects.get(pk=order.pk)


def tab_to(page, locator):
    """Press Tab until the element has the focus, as a person without a mouse does."""
    for _press in range(80):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by Tab")


def test_agent_records_the_confirmation_of_a_call_with_keys(page, sign_in, world):
    follow_trials(now=world.now)
    release_due(now=world.now)
    sign_in(world.agent)
    desk = Desk(page).open()
    desk.press("Enter")
    desk.state("preview")
    expect(page.locator(".alert-info", has_text=str(world.order.pk))).to_be_visible()
    desk.to_talk()
    for statement in page.locator("[name=statement]").all():
        statement.focus()
        desk.press("Space")
    desk.press("h")
    desk.state("wrap")
    assert page.locator("[name=disposition][value=SALE]").count() == 0
    page.locator("[name=disposition][value=DONE]").focus()
    desk.press("1")
    tab_to(page, page.locator("[name=trial_answer]").first)
    desk.press("1", "6", "7", "8", "9")
    assert page.locator("[name=criteria]:checked").count() == 4
    desk.press("Enter")
    desk.state("idle")
    order = fresh(world.order)
    assert (order.state, order.first_call.agent) == (S.CONFIRMED_ONCE, world.agent)


def test_agent_is_told_when_the_answer_is_missing(page, sign_in, world):
    follow_trials(now=world.now)
    release_due(now=world.now)
    sign_in(world.agent)
    desk = Desk(page).open()
    desk.press("Enter")
    desk.state("preview")
    desk.to_talk()
    desk.press("h")
    desk.state("wrap")
    page.locator("[name=disposition][value=DONE]").focus()
    desk.press("1", "Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert fresh(world.order).state == S.IN_TRIAL


def test_lead_finds_a_trial_records_an_answer_and_extends_with_keys(page, sign_in, world):
    call = world.call(world.order.account.customer, "DONE", now=timezone.now())
    sign_in(world.lead)
    page.goto("/callbacks/trials/")
    tab_to(page, page.get_by_role("link", name=f"#{world.order.pk}", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/trials/{world.order.pk}/")
    tab_to(page, page.locator("[name=evidence]"))
    tab_to(page, page.locator("[name=answer]").first)
    page.keyboard.press("Space")
    for name in CRITERIA:
        tab_to(page, page.locator(f"[name=criteria][value={name}]"))
        page.keyboard.press("Space")
    tab_to(page, page.locator("form[action$='/answer/'] button"))
    page.keyboard.press("Enter")
    expect(page.locator("dl.facts").get_by_role("link", name=f"{call.pk}")).to_be_visible()
    assert fresh(world.order).state == S.CONFIRMED_ONCE
    tab_to(page, page.locator("form:has(button[formaction$='/extend/']) [name=note]"))
    page.keyboard.type("客户出差")
    tab_to(page, page.locator("button[formaction$='/extend/']"))
    page.keyboard.press("Enter")
    expect(page.locator(".page-header .badge-warn, h1 .badge-warn").first).to_be_visible()
    assert fresh(world.order).state == S.EXTENDED


def test_customer_confirms_by_the_link_with_keys(page, world):
    message = world.message(world.order, now=world.now)
    page.goto("/t/" + message.body.split("/t/")[1].split("/")[0] + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert fresh(world.order).state == S.CONFIRMED_ONCE
