from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.branching import BRANCHING_KINDS, problems, visible


@dataclass(frozen=True)
class Node:
    id: int
    kind: str = "scale5"
    depends_on: int | None = None
    when_values: tuple = field(default=())


OVERALL = Node(1)
WHY = Node(2, "multi", 1, ("1", "2", "3"))
SUGGESTION = Node(3, "text")


@pytest.mark.parametrize(
    ("score", "shown"),
    [("1", [1, 2, 3]), ("3", [1, 2, 3]), ("4", [1, 3]), ("5", [1, 3])],
)
def test_why_is_asked_only_after_a_low_score(score, shown):
    assert visible([OVERALL, WHY, SUGGESTION], {1: [score]}) == shown


def test_why_is_hidden_before_anything_is_answered():
    assert visible([OVERALL, WHY, SUGGESTION], {}) == [1, 3]


def test_answer_of_a_hidden_question_decides_nothing():
    chain = [Node(1, "yesno"), Node(2, "single", 1, ("yes",)), Node(3, "text", 2, ("a",))]
    assert visible(chain, {1: ["no"], 2: ["a"]}) == [1]
    assert visible(chain, {1: ["yes"], 2: ["a"]}) == [1, 2, 3]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([Node(1, depends_on=2, when_values=("1",)), Node(2)], "later"),
        ([Node(1, depends_on=1, when_values=("1",))], "later"),
        ([Node(1, depends_on=99, when_values=("1",))], "later"),
        ([Node(1, "text"), Node(2, depends_on=1, when_values=("1",))], "kind"),
        ([Node(1, "multi"), Node(2, depends_on=1, when_values=("1",))], "kind"),
        ([Node(1), Node(2, depends_on=1)], "empty"),
        ([Node(1), Node(2, depends_on=1, when_values=("9",))], "value"),
    ],
)
def test_wrong_condition_is_named(items, code):
    values = {item.id: ("1", "2", "3", "4", "5") for item in items}
    assert [found for _id, found in problems(items, values)] == [code]


VALUES = ("1", "2", "3")


@st.composite
def questionnaires(draw):
    """Any questionnaire the editor accepts, with any answers at all."""
    items = []
    for place in range(draw(st.integers(1, 9))):
        sources = [item.id for item in items if item.kind in BRANCHING_KINDS]
        source = draw(st.sampled_from([None, *sources]))
        when = tuple(draw(st.sets(st.sampled_from(VALUES), min_size=1))) if source is not None else ()
        kind = draw(st.sampled_from(["single", "scale5", "multi", "text"]))
        items.append(Node(place, kind, source, when))
    answers = draw(st.dictionaries(st.integers(0, 9), st.lists(st.sampled_from(VALUES), max_size=1)))
    return items, answers


@given(questionnaires())
def test_one_forward_pass_is_the_fixed_point_of_the_conditions(case):
    items, answers = case
    assert problems(items, {item.id: VALUES for item in items}) == []
    shown = visible(items, answers)
    for item in items:
        met = item.depends_on is None or (
            item.depends_on in shown and bool(set(answers.get(item.depends_on, ())) & set(item.when_values))
        )
        assert (item.id in shown) == met


@given(questionnaires(), st.sampled_from(VALUES))
def test_changing_a_later_answer_never_changes_what_was_asked_before(case, value):
    items, answers = case
    last = items[-1].id
    assert visible(items, answers) == visible(items, answers | {last: [value]})
