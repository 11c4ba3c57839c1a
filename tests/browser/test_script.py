"""The script walked line by line with the customer's answers, by keyboard, across a crash of the browser (CB-2, CAM-5)."""

import pytest
from playwright.sync_api import expect

from callbacks.models import Call, Draft
from campaigns.tests.make import make_script_version
from tests.browser.make import Shift, both
from tests.browser.test_desk import LANGUAGES, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
OUTLINE = (
    ("say", 0, "说明来意", "Say why you call"),
    ("ask", 0, "收到保单了吗?", "Have you received the policy?"),
    ("answer", 1, "收到了", "Yes"),
    ("say", 2, "请核对姓名", "Please check the name"),
    ("answer", 1, "没收到", "No"),
    ("say", 2, "我们马上补寄", "We shall send it again"),
    ("say", 0, "提醒犹豫期", "Mention the cooling-off period"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_is_walked_by_its_branches_and_keeps_its_place(page, sign_in, language):
    shift = Shift(tasks=1, language=language)
    steps = [{"kind": kind, "level": level, "text": both(zh, en)} for kind, level, zh, en in OUTLINE]
    shift.campaign.script = make_script_version(shift.campaign.script.script, steps=steps, number=2)
    shift.campaign.save(update_fields=["script"])
    texts = [zh if language == "zh-hans" else en for _kind, _level, zh, en in OUTLINE]
    sign_in(shift.agent)
    desk = Desk(page).open().fetch()
    desk.to_talk()
    here = page.locator(".desk-branches [aria-current=step]")

    def stands_at(place):
        expect(here).to_have_count(1)
        expect(here).to_contain_text(texts[place])
        assert (
            here.evaluate("line => line.firstChild.textContent.trim() || line.firstElementChild.textContent")
            == texts[place]
        )

    for place in (0, 1, 2):
        desk.press("]")
        stands_at(place)
    desk.press(";")
    stands_at(4)
    desk.press("]")
    stands_at(5)
    desk.press("]")
    stands_at(6)
    desk.press("]")
    stands_at(6)
    for place in (1, 0):
        desk.press("[")
        stands_at(place)
    desk.press("]")
    stands_at(1)
    desk.answer("1")
    expect(page.locator("[data-saved]")).not_to_be_empty()
    page.wait_for_timeout(800)
    assert Draft.objects.get().content["script_at"] == "1"
    context = page.context
    page.close()
    desk = Desk(context.new_page()).open()
    desk.state("talk")
    expect(desk.page.locator(".desk-branches [aria-current=step]")).to_contain_text(texts[1])
    desk.press("h")
    desk.state("wrap")
    assert not Call.objects.exists()
