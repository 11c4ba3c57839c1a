"""The promise board by keyboard alone: a broken promise is in sight, and its number opens to the contacts behind it (CAM-2)."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.actions import apply_policy
from callbacks.models import Task
from callbacks.tests.make import disposition
from callbacks.tests.test_apply_policies import make_event, make_policy
from customers.tests.make import make_customer
from tests.browser.make import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
STEPS = 80


def promises(shift, kind, name, fates):
    """A policy of three days, ten days ago, and what became of each of its contacts."""
    now, campaign = timezone.now(), shift.campaign
    policy = make_policy(campaign, name=name, event_kind=kind, window=3)
    for number in range(len(fates)):
        customer = make_customer(client=campaign.client, team=shift.team, name=f"{name}客户{number}")
        make_event(
            campaign,
            customer=customer,
            kind=kind,
            at=now - timedelta(days=10),
            created_at=now - timedelta(days=10),
        )
    apply_policy(policy=policy, now=now - timedelta(days=9))
    for task, fate in zip(Task.objects.filter(policy=policy).order_by("id"), fates, strict=True):
        if fate == "done":
            at = task.deadline - timedelta(days=1)
            Task.objects.filter(pk=task.pk).update(
                state="done", closed_at=at, attempts=1, disposition=disposition("DONE")
            )
        elif fate == "tried":
            Task.objects.filter(pk=task.pk).update(attempts=1)


def tab_to(page, selector):
    """Press Tab until the element has the focus."""
    target = page.locator(selector)
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return target
    raise AssertionError(f"Tab never reached {selector}")


def test_broken_promise_is_seen_and_opened_by_keyboard(page, sign_in):
    shift = Shift()
    promises(shift, "accident", "出险关怀", ["done", "tried", "missed", "missed"])
    promises(shift, "claim_settled", "理赔回访", ["done"])
    sign_in(shift.manager)
    page.goto("/callbacks/")
    tab_to(page, "nav a[href='/callbacks/promises/']")
    page.keyboard.press("Enter")
    first = page.locator(".promises tbody tr").first
    expect(first).to_contain_text("出险关怀")
    expect(first).to_have_class(re.compile("is-bad"))
    expect(first).to_contain_text("25.0 %")
    expect(first.locator(".badge-bad")).to_be_visible()
    expect(page.locator(".promises tbody tr").last.locator(".badge-good")).to_be_visible()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    link = tab_to(page, ".promises tbody tr:first-child a[href*='what=missed']")
    expect(link).to_have_text("2")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".tabs a[aria-current]")).to_have_text("遗漏")
    tab_to(page, ".tabs a[href*='what=attempted']")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    tab_to(page, "a[href^='/callbacks/promises/?']")
    page.keyboard.press("Enter")
    tab_to(page, ".tabs a[href*='by=unit']")
    page.keyboard.press("Enter")
    expect(page.locator(".promises tbody tr")).to_have_count(1)
