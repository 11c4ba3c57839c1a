"""The knowledge base at the desk, by keyboard: found during a call, read between calls (ORG-8, CB-2)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.models import Draft
from callcenter.access import Role
from customers.tests.make import make_user
from knowledge.actions import move_article, save_article
from knowledge.models import Reading
from knowledge.states import ArticleState
from tests.browser.make import Shift
from tests.browser.test_desk import LANGUAGES, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def publish(shift, title, body, *, must_read=False):
    owner = make_user(Role.TRAINER, unit=shift.team.unit)
    now = timezone.now()
    article = save_article(
        article=None,
        seen=None,
        values={
            "title": title,
            "body": body,
            "topic": "保险",
            "owner": owner,
            "review_by": None,
            "must_read": must_read,
        },
        campaigns=[],
        by=owner,
        now=now,
    )
    return move_article(article=article, to=ArticleState.PUBLISHED, by=owner, now=now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_found_during_the_call_and_the_call_goes_on(page, sign_in, language):
    shift = Shift(tasks=1, language=language)
    publish(shift, "怎么退保", "犹豫期内退还全部保费。")
    publish(shift, "理赔多久到账", "三个工作日。")
    sign_in(shift.agent)
    desk = Desk(page).open().fetch()
    desk.to_talk()
    desk.answer("15")
    here = desk.step()
    page.keyboard.press("k")
    field = page.locator("#knowledge-question")
    expect(field).to_be_focused()
    # As an input method types: nothing is looked for while it composes, and its digits answer no question.
    field.dispatch_event("compositionstart")
    page.keyboard.insert_text("退保")
    page.keyboard.press("1")
    page.keyboard.press("Backspace")
    field.dispatch_event("compositionend")
    expect(page.locator(".knowledge-hit")).to_have_count(1)
    expect(page.locator(".knowledge-hit mark, .knowledge-hit strong").first).to_contain_text("退保")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".knowledge-article")).to_contain_text("犹豫期内退还全部保费")
    page.keyboard.press("5")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#knowledge")).to_be_hidden()
    assert desk.step() == here
    desk.answer("5515")
    page.keyboard.press("Enter")
    desk.state("wrap")
    assert len(Draft.objects.get().content["answers"]) == 6


def test_what_must_be_read_stands_between_calls_and_never_over_one(page, sign_in):
    shift = Shift(tasks=1, language="zh-hans")
    article = publish(shift, "新的核身口径", "先问称呼,再说来意。", must_read=True)
    sign_in(shift.agent)
    desk = Desk(page).open()
    card = page.locator("#desk-unread section")
    expect(card).to_contain_text("新的核身口径")
    desk.fetch()
    expect(card).to_be_visible()
    desk.to_talk()
    expect(card).to_be_hidden()
    page.goto("/desk/")
    desk.state("talk")
    page.keyboard.press("h")
    desk.state("wrap")
    assert not Reading.objects.exists()
    page.keyboard.press("Escape")
    desk.page.locator("input[name=disposition][value=REFUSE]").check()
    page.locator(".desk-primary[data-save]:visible").click()
    desk.state("idle")
    expect(card).to_be_visible()
    card.locator("button").focus()
    page.keyboard.press("Enter")
    expect(card).to_have_count(0)
    assert Reading.objects.get().article == article
