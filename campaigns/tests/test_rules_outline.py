"""The outline of a script: editing, what is wrong, how long it takes, what differs (CAM-5; ux.md 5.13). No database."""

import pytest

from campaigns.rules import outline
from campaigns.rules.outline import ANSWER, ASK, CHECK, END, SAY, Line, Span
from campaigns.script_presets import PRESETS, REQUIRED

OPENING = {"en": "hello"}
CLOSING = {"en": "goodbye"}


def line(kind, level=0, text="words", **fields):
    return Line(kind, level, {"en": text} if text else {}, **fields)


def codes(lines, *, opening=OPENING, closing=CLOSING, required=()):
    found = outline.problems(lines, opening=opening, closing=closing, required=required)
    return [(one.code, one.place, one.detail) for one in found]


def shape(lines):
    return [(one.text.get("en", ""), one.level) for one in lines]


TREE = [
    line(ASK, 0, "ask"),
    line(ANSWER, 1, "yes"),
    line(SAY, 2, "good"),
    line(ANSWER, 1, "no"),
    line(SAY, 0, "after"),
]


def test_complete_outline_has_nothing_to_mend():
    assert codes(TREE) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(SAY, text="")], ("empty", 0, "")),
        ([line(SAY, text="it costs ____ yuan")], ("blank", 0, "")),
        ([line(ANSWER)], ("answer_alone", 0, "")),
        ([line(SAY), line(ANSWER, 1)], ("answer_alone", 1, "")),
        ([line(SAY), line(SAY, 1)], ("not_below_answer", 1, "")),
        ([line(ASK)], ("no_answers", 0, "")),
        ([line(ASK), line(ANSWER, 1, "Yes "), line(ANSWER, 1, "yes")], ("answer_twice", 2, "")),
        ([line(END), line(SAY)], ("unreachable", 1, "")),
        ([line(ASK), line(ANSWER, 1, "a"), line(CHECK, 2)], ("check_in_branch", 2, "")),
        ([Line(SAY, 0, {"zh-hans": "您好"})], ("language", 0, "en")),
    ],
)
def test_each_mistake_is_found_in_its_line(lines, expected):
    assert expected in codes(lines)


def test_line_after_a_question_whose_answers_all_end_is_unreachable():
    ends = [line(ASK), line(ANSWER, 1, "a"), line(END, 2), line(ANSWER, 1, "b"), line(END, 2), line(SAY)]
    assert ("unreachable", 5, "") in codes(ends)
    goes_on = [line(ASK), line(ANSWER, 1, "a"), line(END, 2), line(ANSWER, 1, "b"), line(SAY)]
    assert codes(goes_on) == []


def test_closing_is_missing_only_where_somebody_gets_to_it():
    assert ("no_closing", None, "") in codes([line(SAY)], closing={})
    assert ("no_closing", None, "") not in codes([line(END)], closing={})
    both = {"en": "hello", "zh-hans": "您好"}
    assert ("language_of_closing", None, "zh-hans") in codes([], opening=both)


def test_missing_disclosure_is_named():
    assert codes([line(CHECK, code="price")], required=("price", "cancel")) == [
        ("no_disclosure", None, "cancel")
    ]


def test_wrong_language_alone_does_not_keep_a_version_from_being_approved():
    found = outline.problems([Line(SAY, 0, {"zh-hans": "您好"})], opening=OPENING, closing=CLOSING)
    assert [one.blocks for one in found] == [False]
    assert outline.problems([line(SAY, text="")], opening=OPENING, closing=CLOSING)[0].blocks


def test_levels_are_kept_possible():
    wild = [line(SAY, 3), line(SAY, 9), line(SAY, -2), line(SAY, 2)]
    assert [one.level for one in outline.clamp(wild)] == [0, 1, 0, 1]


def test_stored_lines_come_back_as_they_were():
    assert outline.read(outline.written(TREE)) == TREE
    assert outline.read([{"kind": "x", "level": "3", "text": None, "wording": "y"}]) == [Line(SAY)]


def test_new_line_is_what_follows_its_line():
    lines, place = outline.add(TREE, 0)
    assert (lines[1].kind, lines[1].level, place) == (ANSWER, 1, 1)
    lines, place = outline.add(TREE, 1)
    assert (lines[2].kind, lines[2].level, place) == (SAY, 2, 2)
    assert outline.add([], -1) == ([Line(SAY)], 0)
    full = [line(SAY)] * outline.MAX_LINES
    assert len(outline.add(full, 0)[0]) == outline.MAX_LINES


def test_removing_takes_the_branch_along():
    lines, place = outline.remove(TREE, 1)
    assert (shape(lines), place) == ([("ask", 0), ("no", 1), ("after", 0)], 0)


def test_indenting_and_back_moves_the_branch_and_is_undone():
    lines, _place = outline.indent(TREE, 4)
    assert shape(lines)[4] == ("after", 1)
    assert outline.outdent(lines, 4)[0] == TREE
    assert outline.indent(TREE, 0)[0] == TREE
    assert outline.indent(TREE, 1)[0] == TREE
    out, _place = outline.outdent(TREE, 1)
    assert shape(out)[1:3] == [("yes", 0), ("good", 1)]


def test_moving_swaps_whole_branches_of_one_level():
    lines, place = outline.up(TREE, 3)
    assert shape(lines) == [("ask", 0), ("no", 1), ("yes", 1), ("good", 2), ("after", 0)]
    assert place == 1
    assert outline.down(lines, 1) == (TREE, 3)
    assert outline.up(TREE, 1) == (TREE, 1)
    assert outline.down(TREE, 3) == (TREE, 3)
    lines, place = outline.down(TREE, 0)
    assert (shape(lines)[0], place) == (("after", 0), 1)


def test_seconds_are_those_of_the_shortest_and_longest_way():
    words = "one two three four five"  # two seconds at 2.5 words each
    lines = [
        line(ASK, 0, words),
        line(ANSWER, 1, words),
        line(END, 2, words),
        line(ANSWER, 1, words),
        line(SAY, 2, words),
        line(SAY, 0, words),
    ]
    text = {"en": words}
    assert outline.seconds(lines, opening=text, closing=text, language="en") == Span(6, 10)
    assert outline.seconds([], opening=text, closing=text, language="en") == Span(4, 4)


def test_seconds_of_two_wordings_are_not_added():
    words = "one two three four five"
    lines = [line(SAY, 0, words, wording="friendly"), line(SAY, 0, words + " six", wording="legal")]
    assert outline.seconds(lines, opening={}, closing={}, language="en") == Span(2, 3)


def test_wording_of_the_other_age_is_left_out_with_its_branch():
    lines = [
        line(ASK, 0, "friendly", wording="friendly"),
        line(ANSWER, 1, "below"),
        line(SAY, 0, "legal", wording="legal"),
        line(SAY, 0, "always"),
    ]
    assert shape(outline.in_wording(lines, legal=True)) == [("legal", 0), ("always", 0)]
    assert shape(outline.in_wording(lines, legal=False)) == [("friendly", 0), ("below", 1), ("always", 0)]


def test_differences_pair_what_changed():
    new = [*TREE[:2], line(SAY, 2, "better"), TREE[3], TREE[4], line(SAY, 0, "more")]
    found = [(one.kind, one.old, one.new) for one in outline.differences(TREE, new) if one.kind != "same"]
    assert found == [("changed", TREE[2], new[2]), ("added", None, new[5])]
    assert [one.kind for one in outline.differences(TREE[:2], TREE[:1])] == ["same", "removed"]


@pytest.mark.parametrize("kind", sorted(PRESETS))
def test_shipped_scripts_are_complete_in_three_languages(kind):
    preset = PRESETS[kind]
    for name in ("name", "opening", "closing", "apology"):
        assert set(preset[name]) == {"zh-hans", "zh-hant", "en"}
    lines = outline.read(preset["steps"])
    found = outline.problems(
        lines, opening=preset["opening"], closing=preset["closing"], required=REQUIRED[kind]
    )
    assert {one.code for one in found} <= {"blank"}
    assert ("blank" in {one.code for one in found}) == (kind == "telemarketing")


def test_new_policy_callback_has_its_seven_points():
    said = [one["code"] for one in PRESETS["new_policy"]["steps"] if one["kind"] == CHECK]
    assert said == [
        "recording",
        "policyholder",
        "signature",
        "read_terms",
        "cover",
        "surrender_loss",
        "cooling_off",
        "instalments",
    ]
