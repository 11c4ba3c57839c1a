"""The builder of segments, by keyboard and without a reload, and by plain forms when there are no scripts (CUS-5)."""

import pytest
from playwright.sync_api import expect

from customers.models import Segment
from customers.tests.make import make_customer, make_region
from tests.browser.make import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def customers(shift):
    region = make_region(name="浙江", code="CN-ZJ")
    for number in range(3):
        make_customer(
            team=shift.team,
            client=shift.campaign.client,
            region=region if number else None,
            level="金卡" if number == 2 else "",
            phones=[f"+861370000000{number}"],
        )


def test_segment_is_written_by_keyboard_with_its_count_beside_it(page, sign_in):
    shift = Shift()
    customers(shift)
    sign_in(shift.manager)
    page.goto("/customers/segments/new/")
    page.evaluate("window.sameDocument = true")
    page.locator("#id_c0-0-kind").focus()
    page.locator("#id_c0-0-kind").select_option("region")
    expect(page.locator("#id_c0-0-kind")).to_be_focused()
    page.locator("#id_c0-0-value").select_option("CN-ZJ")
    expect(page.locator(".segment-sum strong")).to_have_text("2")
    page.locator("#add-0").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_c0-1-kind")).to_be_focused()
    page.locator("#id_c0-1-kind").select_option("contact")
    page.locator("#id_c0-1-days").fill("x")
    page.keyboard.press("Tab")
    expect(page.locator("#id_c0-1-days_error")).not_to_be_empty()
    expect(page.locator("#id_c0-1-days")).to_have_value("x")
    page.locator("#id_c0-1-kind").select_option("level")
    page.locator("#id_c0-1-values").fill("金卡")
    page.keyboard.press("Enter")
    expect(page.locator(".segment-sum strong")).to_have_text("1")
    expect(page.locator("#segment-customers tbody tr")).to_have_count(1)
    assert page.evaluate("window.sameDocument")
    page.locator("#remove-0-0").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#add-0")).to_be_focused()
    page.locator("#id_name").fill("金卡客户")
    page.keyboard.press("Tab")
    page.locator("button[value=save]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("金卡客户")
    assert [group["conditions"] for group in Segment.objects.get().definition["groups"]] == [
        [{"kind": "level", "op": "one_of", "values": ["金卡"]}]
    ]


def test_segment_is_written_without_scripts(chromium, live_server, sign_in, page):
    shift = Shift()
    customers(shift)
    sign_in(shift.manager)
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/customers/segments/new/")
    plain.locator("#id_c0-0-kind").select_option("region")
    plain.locator("#count-now").click()
    plain.locator("#id_c0-0-value").select_option("CN-ZJ")
    plain.locator("#count-now").click()
    expect(plain.locator(".segment-sum strong")).to_have_text("2")
    plain.locator("#add-0").click()
    expect(plain.locator("#id_c0-1-kind")).to_be_visible()
    plain.locator("#remove-0-1").click()
    expect(plain.locator("#id_c0-1-kind")).to_have_count(0)
    plain.locator("#id_name").fill("省内")
    plain.locator("button[value=save]").click()
    expect(plain.locator("h1")).to_have_text("省内")
    context.close()
    assert Segment.objects.get().name == "省内"
