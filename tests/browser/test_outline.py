"""A trainer writes a branched script with the keyboard alone, in Chromium, in Chinese and in English (CAM-5; ux.md 5.13)."""

import pytest

from callcenter.access import Role
from campaigns.models import Script, ScriptVersion
from customers.tests.make import make_unit, make_user
from people.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def trainer(sign_in):
    def make(language):
        user = make_user(Role.TRAINER, unit=make_unit())
        user.language = language
        user.save()
        assert Membership.objects.filter(user=user).exists()
        sign_in(user)
        return user

    return make


def outline(page):
    """(kind, level, the visible text) of every line."""
    return page.evaluate(
        """() => [...document.querySelectorAll('#outline > li')].map((line) => [
            line.querySelector('[name="kind"]').value,
            Number(line.querySelector('[name="level"]').value),
            [...line.querySelectorAll('textarea')].find((area) => area.offsetParent).value,
        ])"""
    )


def focused(page):
    """The place of the line whose text has the focus, and its text."""
    return page.evaluate(
        """() => {
            const line = document.activeElement.closest('#outline > li');
            return [[...line.parentElement.children].indexOf(line), document.activeElement.value];
        }"""
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_outline_is_written_by_keyboard_alone(page, trainer, language):
    trainer(language)
    script = Script.objects.create(name="回访", code="KEYS")
    page.goto(f"/campaigns/scripts/{script.pk}/new/")
    page.locator(f'[name="opening_{language.replace("-", "_")}"]').fill("{salutation} hello")
    page.locator(f'[name="closing_{language.replace("-", "_")}"]').fill("goodbye")
    page.locator('button[data-do="append"]').focus()
    page.keyboard.press("Enter")
    assert focused(page) == [0, ""]

    page.keyboard.type("Is it you?")
    page.locator("#outline [name=kind]").first.select_option("ask")
    page.locator("#outline textarea:visible").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Yes")
    page.keyboard.press("Enter")
    page.keyboard.type("Good")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Second line")
    page.keyboard.press("Enter")
    page.keyboard.type("After")
    assert outline(page) == [
        ["ask", 0, "Is it you?"],
        ["answer", 1, "Yes"],
        ["say", 2, "Good\nSecond line"],
        ["say", 2, "After"],
    ]

    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    assert outline(page)[3] == ["say", 0, "After"]
    assert focused(page) == [3, "After"]
    page.keyboard.press("Alt+Shift+ArrowUp")
    assert [row[2] for row in outline(page)][:2] == ["After", "Is it you?"]
    assert focused(page) == [0, "After"]
    page.keyboard.press("Alt+Shift+ArrowRight")
    assert outline(page)[0][1] == 0
    page.keyboard.press("Alt+Shift+ArrowDown")
    assert [row[2] for row in outline(page)] == ["Is it you?", "Yes", "Good\nSecond line", "After"]

    page.keyboard.press("Alt+ArrowUp")
    assert focused(page) == [2, "Good\nSecond line"]
    page.keyboard.press("Enter")
    page.keyboard.type("gone")
    page.keyboard.press("Alt+Shift+Delete")
    assert focused(page) == [2, "Good\nSecond line"]
    assert len(outline(page)) == 4

    # The preview follows what is typed, and nothing is saved until it is.
    page.locator("#outline-side", has_text="After").wait_for()
    assert not ScriptVersion.objects.exists()
    page.locator(".form-buttons .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/scripts/versions/*/")
    steps = ScriptVersion.objects.get().steps
    assert [(row["kind"], row["level"], row["text"][language]) for row in steps] == [
        ("ask", 0, "Is it you?"),
        ("answer", 1, "Yes"),
        ("say", 2, "Good\nSecond line"),
        ("say", 0, "After"),
    ]


def test_branch_moves_and_leaves_as_a_whole_by_its_buttons(page, trainer):
    trainer("en")
    script = Script.objects.create(name="回访", code="BRANCH", kind="satisfaction")
    page.goto(f"/campaigns/scripts/{script.pk}/new/")
    before = outline(page)
    ask = next(place for place, row in enumerate(before) if row[0] == "ask")
    line = page.locator("#outline > li").nth(ask)
    line.locator('[data-do="up"]').click()
    moved = outline(page)
    assert moved[0] == before[ask]
    assert sorted(map(str, moved)) == sorted(map(str, before))
    assert page.evaluate("document.activeElement.dataset.do") == "up"
    page.locator("#outline > li").first.locator('[data-do="remove"]').click()
    kept = outline(page)
    assert kept[0] == before[0]
    assert len(kept) < len(before) - 1


def test_one_language_is_shown_at_a_time(page, trainer):
    trainer("zh-hans")
    script = Script.objects.create(name="回访", code="LANG", kind="care")
    page.goto(f"/campaigns/scripts/{script.pk}/new/")
    assert "录音" in outline(page)[0][2]
    page.locator('[name="shown"][value="en"]').check()
    assert "recorded" in outline(page)[0][2]
    page.locator("#outline-side", has_text="This call is recorded").or_(
        page.locator("#outline-side", has_text="this call is recorded")
    ).first.wait_for()
    page.locator('[name="shown"][value="all"]').check()
    assert page.locator("#outline > li").first.locator("textarea:visible").count() == 3
