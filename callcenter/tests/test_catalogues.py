"""Finding, keeping, converting and checking translations, on a small source tree of its own."""

import gettext

import polib
import pytest
from django.core.management import CommandError, call_command

from callcenter import catalogues

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("Call list")
def label(count):
    return ngettext("%(count)s call", "%(count)s calls", count) + pgettext("on the phone", "Hold")
"""
TEMPLATE = """{% load i18n %}
<div>
    <p title="{% translate 'Call list' %}">it's {{ name|default:_("nobody") }}</p>
  {% blocktranslate trimmed count n=rows|length %}
      {{ n }} row (100%)
  {% plural %}
      {{ n }} rows (100%)
  {% endblocktranslate %}
      {% blocktranslate context "on the phone" %}Mute{% endblocktranslate %}
</div>
"""


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "labels.py").write_text(PYTHON)
    (tmp_path / "templates" / "desk").mkdir(parents=True)
    (tmp_path / "templates" / "desk" / "page.html").write_text(TEMPLATE)
    (tmp_path / "desk" / "tests").mkdir()
    (tmp_path / "desk" / "tests" / "test_x.py").write_text("from x import _\n_('Only in a test')\n")
    (tmp_path / "locale" / "zh_Hant").mkdir(parents=True)
    (tmp_path / "locale" / "zh_Hant" / "terms.txt").write_text("# terms\n质量\t品質\n", encoding="utf-8")
    return tmp_path


def translate(root, language, **texts):
    """Write translations by msgid into a catalogue."""
    path = str(catalogues.catalogue_path(root, language))
    catalogue = polib.pofile(path)
    for entry in catalogue:
        text = texts.get(entry.msgid, "")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
    catalogue.save(path)


ALL = {
    "Call list": "质量名单",
    "nobody": "无人",
    "%(count)s call": "%(count)s 通电话",
    "%(n)s row (100%%)": "%(n)s 行（100%%）",
    "Hold": "保持",
    "Mute": "静音",
}


def test_find_messages_of_python_and_templates(tree):
    found = catalogues.find_messages(tree)
    assert set(found) == {
        ("", "Call list"),
        ("", "nobody"),
        ("", "%(count)s call"),
        ("", "%(n)s row (100%%)"),
        ("on the phone", "Hold"),
        ("on the phone", "Mute"),
    }
    assert found["", "Call list"].files == {"desk/labels.py", "templates/desk/page.html"}
    assert found["", "%(n)s row (100%%)"].plural == "%(n)s rows (100%%)"


def test_update_keeps_translations_and_drops_what_is_gone(tree):
    catalogues.update(tree, "zh_Hans")
    translate(tree, "zh_Hans", **ALL)
    path = catalogues.catalogue_path(tree, "zh_Hans")
    before = path.read_text()
    catalogues.update(tree, "zh_Hans")
    assert path.read_text() == before
    assert "#: desk/labels.py templates/desk/page.html\n" in before
    (tree / "desk" / "labels.py").write_text("\n\n\n" + PYTHON.replace("Hold", "Wait"))
    catalogues.update(tree, "zh_Hans")
    after = polib.pofile(str(path))
    assert after.find("Hold") is None
    assert after.find("Wait", msgctxt="on the phone").msgstr == ""
    assert after.find("Call list").msgstr == "质量名单"


def test_fill_traditional_uses_terms_and_leaves_hand_work(tree):
    for language in catalogues.LANGUAGES:
        catalogues.update(tree, language)
    translate(tree, "zh_Hans", **ALL)
    translate(tree, "zh_Hant", nobody="沒有人")
    assert catalogues.fill_traditional(tree) == 5
    filled = polib.pofile(str(catalogues.catalogue_path(tree, "zh_Hant")))
    assert filled.find("Call list").msgstr == "品質名單"
    assert filled.find("nobody").msgstr == "沒有人"
    assert filled.find("%(count)s call").msgstr_plural == {0: "%(count)s 通電話"}
    assert catalogues.fill_traditional(tree) == 0
    assert catalogues.problems(tree) == []


def test_compile_all_writes_what_gettext_reads_and_only_when_newer(tree):
    for language in catalogues.LANGUAGES:
        catalogues.update(tree, language)
    translate(tree, "zh_Hans", **ALL)
    assert catalogues.compile_all(tree) == 2
    assert catalogues.compile_all(tree) == 0
    with open(catalogues.catalogue_path(tree, "zh_Hans").with_suffix(".mo"), "rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.pgettext("on the phone", "Hold") == "保持"
    assert compiled.ngettext("%(count)s call", "%(count)s calls", 2) == "%(count)s 通电话"


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"nobody": ""}, "zh_Hans: not translated: 'nobody'"),
        (
            {"%(count)s call": "%(number)s 通"},
            "zh_Hans: other placeholders in the translation: '%(count)s call'",
        ),
        ({"%(n)s row (100%%)": "行"}, "zh_Hans: other placeholders in the translation: '%(n)s row (100%%)'"),
    ],
)
def test_problems_names_a_bad_translation(tree, change, flaw):
    for language in catalogues.LANGUAGES:
        catalogues.update(tree, language)
    translate(tree, "zh_Hans", **ALL)
    catalogues.fill_traditional(tree)
    translate(tree, "zh_Hans", **{**ALL, **change})
    assert catalogues.problems(tree) == [flaw]


def test_problems_names_simplified_characters_fuzzy_and_stale_entries(tree):
    for language in catalogues.LANGUAGES:
        catalogues.update(tree, language)
    translate(tree, "zh_Hans", **ALL)
    catalogues.fill_traditional(tree)
    path = str(catalogues.catalogue_path(tree, "zh_Hant"))
    catalogue = polib.pofile(path)
    catalogue.find("Call list").msgstr = "质量后台"
    catalogue.find("nobody").flags.append("fuzzy")
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="去"))
    catalogue.save(path)
    (tree / "desk" / "more.py").write_text('from x import _\n_("New")\n')
    assert catalogues.problems(tree) == [
        "zh_Hans: not in the catalogue: 'New'",
        "zh_Hant: not in the catalogue: 'New'",
        "zh_Hant: no longer used: 'Gone'",
        "zh_Hant: simplified characters 质: 'Call list'",
        "zh_Hant: marked fuzzy: 'nobody'",
    ]


def test_messages_command_compiles_the_catalogues_of_the_installation(tree, settings, capsys):
    settings.BASE_DIR = tree
    for step in ("extract", "hant", "compile"):
        call_command("messages", step)
    said = capsys.readouterr().out
    assert "zh_Hans: 6 strings, 6 to translate" in said
    assert "2 catalogues compiled" in said


def test_messages_check_fails_when_a_translation_is_missing(tree, settings, capsys):
    settings.BASE_DIR = tree
    call_command("messages", "extract")
    with pytest.raises(CommandError, match="12 problems"):
        call_command("messages", "check")
    assert "zh_Hans: not translated: 'Hold'" in capsys.readouterr().err
