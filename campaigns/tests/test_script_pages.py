"""Writing a script as an outline: presets, edits, preview, check, approval, comparison (CAM-5; ux.md 5.13)."""

import pytest
from django.urls import reverse

from callcenter.models import AccessLog
from campaigns import actions
from campaigns.models import Script, ScriptVersion
from campaigns.rules import outline
from campaigns.script_presets import PRESETS
from campaigns.tests.make import (
    NOW,
    make_client,
    make_script,
    make_script_version,
    make_team,
    make_user,
    texts,
)
from customers.tests.make import make_customer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def manager(client, unit):
    user = make_user("manager", unit=unit)
    client.force_login(user)
    return user


def sent(*lines, **changes):
    """A form with an opening, a closing and lines of (kind, level, English text[, statement[, wording]])."""
    rows = [(*line, *[""] * (5 - len(line))) for line in lines]
    return {
        "opening_en": "Hello {salutation}",
        "closing_en": "Goodbye",
        "kind": [row[0] for row in rows],
        "level": [str(row[1]) for row in rows],
        "text-en": [row[2] for row in rows],
        "text-zh-hans": [""] * len(rows),
        "text-zh-hant": [""] * len(rows),
        "statement": [row[3] for row in rows],
        "wording": [row[4] for row in rows],
    } | changes


BRANCHED = [
    ("check", 0, "This call is recorded", "recording"),
    ("ask", 0, "Is it you?"),
    ("answer", 1, "Yes"),
    ("answer", 1, "No"),
    ("end", 2, "Sorry, goodbye"),
]


def test_new_script_starts_with_the_shipped_one_and_is_approved_by_two(client, manager, unit):
    axrs = make_client()
    made = client.post(
        reverse("campaigns:script_new"),
        {"name": "New policies", "code": "NP", "kind": "new_policy", "client": axrs.pk},
    )
    page = client.get(made.url)
    form = page.context["form"]
    assert form.texts("opening") == PRESETS["new_policy"]["opening"]
    assert [line.code for line in form.lines if line.kind == "check"][1:] == [
        "policyholder",
        "signature",
        "read_terms",
        "cover",
        "surrender_loss",
        "cooling_off",
        "instalments",
    ]
    assert not [one for one in page.context["remarks"] if one.blocks]
    lines = [(one.kind, one.level, one.text["en"], one.code) for one in form.lines]
    assert client.post(made.url, sent(*lines)).status_code == 302
    version = ScriptVersion.objects.get()
    assert [one["code"] for one in version.statements][1] == "policyholder"
    assert len(version.steps) == len(lines)
    client.force_login(make_user("manager", unit=unit))
    assert client.post(reverse("campaigns:script_approve", args=[version.pk])).status_code == 302
    client.force_login(make_user("client", client=axrs))
    client.post(reverse("campaigns:script_client_approve", args=[version.pk]))
    version.refresh_from_db()
    assert version.is_usable


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("ask", 0, "Is it you?")], "Line 1 is a question without answers."),
        (
            [("check", 0, "recorded", "recording"), ("end", 0, "Bye"), ("say", 0, "More")],
            "Nobody gets to line 3",
        ),
        ([], "The mandatory statement “the call is recorded” is missing."),
        ([("check", 0, "It costs ____", "recording")], "Line 1 still has a blank"),
    ],
)
def test_unfinished_version_is_saved_but_not_approved(client, manager, unit, lines, words):
    script = make_script(kind="satisfaction")
    made = client.post(reverse("campaigns:script_version_new", args=[script.pk]), sent(*lines))
    page = client.get(made.url)
    assert words in page.content.decode()
    client.force_login(make_user("manager", unit=unit))
    version = script.versions.get()
    answer = client.post(reverse("campaigns:script_approve", args=[version.pk]))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    version.refresh_from_db()
    assert version.approved_at is None


def test_preview_fills_the_fields_for_a_customer_in_scope(client, manager, unit):
    script = make_script()
    mine = make_customer(team=make_team(unit=unit), name="欧阳静", gender="f")
    stranger = make_customer(name="张三", gender="m")
    address = reverse("campaigns:script_outline", args=[script.pk])
    data = sent(("say", 0, "One thing, {salutation}"), shown="en", customer=stranger.pk)
    page = client.post(address, data, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert page.context["customer"] == mine
    assert "One thing, Ms 欧阳" in text
    assert "张三" not in text
    assert "<html" not in text
    assert not script.versions.exists()


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("add:1", ["check", "ask", "answer", "answer", "answer", "end"]),
        ("remove:3", ["check", "ask", "answer"]),
        ("up:1", ["ask", "answer", "answer", "end", "check"]),
        ("down:0", ["ask", "answer", "answer", "end", "check"]),
        ("remove:99", [line[0] for line in BRANCHED]),
        ("nonsense:1", [line[0] for line in BRANCHED]),
        ("up:-1", [line[0] for line in BRANCHED]),
    ],
)
def test_buttons_work_without_javascript(client, manager, do, expected):
    address = reverse("campaigns:script_outline", args=[make_script().pk])
    page = client.post(address, sent(*BRANCHED, do=do))
    assert [line.kind for line in page.context["form"].lines] == expected
    assert "Sorry, goodbye" in page.content.decode() or do == "remove:3"


def test_indenting_by_the_server_is_that_of_the_rule(client, manager):
    address = reverse("campaigns:script_outline", args=[make_script().pk])
    page = client.post(address, sent(("say", 0, "a"), ("say", 0, "b"), do="indent:1"))
    assert [line.level for line in page.context["form"].lines] == [0, 1]
    page = client.post(address, sent(do="add:0"))
    assert [line.kind for line in page.context["form"].lines] == ["say"]


def test_wild_input_is_no_error_of_ours(client, manager):
    script = make_script()
    address = reverse("campaigns:script_version_new", args=[script.pk])
    wild = {
        "opening_en": "Hi",
        "closing_en": "Bye",
        "kind": ["x", "check", "say"],
        "level": ["9", "-1", "x", "5"],
        "statement": ["price", "nonsense"],
        "text-en": ["a"],
    }
    assert client.post(address, wild).status_code == 302
    assert [(row["kind"], row["level"], row["code"]) for row in script.versions.get().steps] == [
        ("say", 0, ""),
        ("check", 0, ""),
        ("say", 0, ""),
    ]
    long = client.post(address, sent(("say", 0, "x" * 2_001)))
    assert long.status_code == 200
    assert "Line 1 is too long" in long.content.decode()
    many = client.post(address, sent(*[("say", 0, "x")] * (outline.MAX_LINES + 1)))
    assert "at most 60 lines" in many.content.decode()
    wrong = client.post(address, sent(("say", 0, "Hi {nobody}")))
    assert "There is no merge field {nobody}" in wrong.content.decode()
    assert script.versions.count() == 1


def test_wording_by_the_age_of_the_debt_is_previewed(client, manager):
    version = make_script_version(
        make_script(kind="dunning"),
        legal_opening=texts("LEGAL"),
        steps=[{"kind": "say", "level": 0, "text": texts("soft"), "wording": "friendly"}],
    )
    address = reverse("campaigns:script_version", args=[version.pk])
    assert [one.text for one in client.get(address).context["shown"].steps] == ["soft"]
    old = client.get(address, {"debt": "old"}).context["shown"]
    assert (old.opening, old.steps) == ("LEGAL", ())


def test_changes_between_versions_are_shown_line_by_line(client, manager):
    script = make_script()
    first = make_script_version(
        script, number=1, steps=outline.written([outline.Line("say", 0, texts("old"))])
    )
    second = make_script_version(
        script, number=2, steps=outline.written([outline.Line("say", 0, texts("new"))])
    )
    page = client.get(reverse("campaigns:script_changes", args=[second.pk]))
    changed = [(line.kind, line.old, line.new) for line in page.context["lines"] if line.kind != "same"]
    assert (page.context["other"], changed) == (first, [("changed", "old", "new")])
    alone = client.get(reverse("campaigns:script_changes", args=[make_script_version().pk]))
    assert alone.status_code == 200
    other = make_script_version()
    foreign = client.get(reverse("campaigns:script_changes", args=[second.pk]), {"with": other.pk})
    assert foreign.context["other"] == first


def test_observer_compares_only_the_own_scripts(client):
    own = make_client()
    mine, other = make_script_version(make_script(own)), make_script_version(make_script(make_client()))
    client.force_login(make_user("client", client=own))
    assert client.get(reverse("campaigns:script_changes", args=[mine.pk])).status_code == 200
    assert client.get(reverse("campaigns:script_changes", args=[other.pk])).status_code == 404


def test_version_from_before_outlines_keeps_its_statements_when_edited(client, manager):
    version = make_script_version(
        approved=False, statements=[{"code": "price", "text": {"en": "10 yuan"}}], opening=texts("Hi")
    )
    form = client.get(reverse("campaigns:script_version_edit", args=[version.pk])).context["form"]
    assert [(line.kind, line.code) for line in form.lines] == [("check", "price")]


def test_saving_and_approving_are_in_the_access_log(manager):
    script = actions.create_script(name="S", code="S1", client=None, kind="care", by=manager, now=NOW)
    version = actions.save_script_version(
        script=script,
        by=manager,
        now=NOW,
        opening=texts("Hi"),
        closing=texts("Bye"),
        steps=[outline.Line("check", 0, texts("recorded"), "recording")],
    )
    actions.approve_script(version=version, by=make_user("manager"), now=NOW)
    assert AccessLog.objects.filter(subject="script", subject_id=str(version.pk)).count() == 2
    assert Script.objects.get().kind == "care"
