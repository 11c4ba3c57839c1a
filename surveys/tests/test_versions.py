import pytest

from callcenter.errors import Conflict, Refused
from surveys import actions
from surveys.models import Item, QuestionnaireVersion
from surveys.tests.make import (
    NOW,
    items_of,
    make_question,
    make_response,
    make_user,
    make_version,
    make_why_version,
    texts,
)

pytestmark = pytest.mark.django_db


def test_new_questionnaire_has_an_empty_draft():
    author = make_user("manager")
    draft = actions.create_questionnaire(name="Claims", code="CLAIMS", by=author, now=NOW)
    assert (draft.number, draft.state, draft.items.count()) == (1, "draft", 0)
    with pytest.raises(Refused, match="CLAIMS"):
        actions.create_questionnaire(name="Other", code="CLAIMS", by=author, now=NOW)


def test_new_version_copies_items_with_their_conditions():
    version = make_why_version()
    draft = actions.draft_version(questionnaire=version.questionnaire, by=make_user("manager"), now=NOW)
    overall, why, _suggestion = items_of(draft)
    assert (draft.number, why.depends_on_id, why.when_values) == (2, overall.pk, ["1", "2", "3"])


def test_one_draft_at_a_time():
    version = make_why_version()
    actions.draft_version(questionnaire=version.questionnaire, by=None, now=NOW)
    with pytest.raises(Conflict):
        actions.draft_version(questionnaire=version.questionnaire, by=None, now=NOW)


def test_publishing_an_empty_draft_is_refused():
    with pytest.raises(Refused):
        actions.publish_version(version=make_version(published=False), by=make_user("manager"), now=NOW)


@pytest.mark.parametrize("used", ["published", "frozen"])
def test_version_in_use_cannot_be_edited(used):
    version = make_why_version(published=used == "published")
    if used == "frozen":
        make_response(version, ["5", ..., ...])
    item = items_of(version)[2]
    question = make_question()
    edits = [
        lambda: actions.add_item(version=version, question=question),
        lambda: actions.change_item(item=item, required=True),
        lambda: actions.move_item(item=item, up=True),
        lambda: actions.remove_item(item=item),
        lambda: actions.publish_version(version=version, by=None, now=NOW),
        lambda: actions.discard_draft(version=version),
    ]
    before = list(Item.objects.order_by("id").values())
    for edit in edits:
        with pytest.raises(Conflict):
            edit()
    assert list(Item.objects.order_by("id").values()) == before


def test_condition_on_a_text_question_is_refused():
    version = make_version("text", published=False)
    (source,) = items_of(version)
    with pytest.raises(Refused) as caught:
        actions.add_item(version=version, question=make_question(), depends_on=source, when_values=["x"])
    assert caught.value.code == "branch_kind"
    assert version.items.count() == 1


def test_condition_of_another_questionnaire_is_refused():
    stranger = items_of(make_version("scale5"))[0]
    version = make_version("scale5", published=False)
    with pytest.raises(Refused) as caught:
        actions.add_item(version=version, question=make_question(), depends_on=stranger, when_values=["1"])
    assert caught.value.code == "branch_later"


def test_moving_a_question_before_its_condition_is_refused():
    version = make_why_version(published=False)
    why = items_of(version)[1]
    with pytest.raises(Refused) as caught:
        actions.move_item(item=why, up=True)
    assert caught.value.code == "branch_later"
    assert [item.pk for item in items_of(version)][1] == why.pk


def test_moving_swaps_neighbours_and_stops_at_the_edge():
    version = make_version("text", "text", "text", published=False)
    first, second, third = items_of(version)
    actions.move_item(item=third, up=True)
    actions.move_item(item=first, up=True)
    assert [(item.pk, item.position) for item in items_of(version)] == [
        (first.pk, 1),
        (third.pk, 2),
        (second.pk, 3),
    ]


def test_question_others_depend_on_cannot_be_removed():
    version = make_why_version(published=False)
    overall, why, suggestion = items_of(version)
    with pytest.raises(Refused):
        actions.remove_item(item=overall)
    actions.remove_item(item=why)
    actions.remove_item(item=overall)
    assert [(item.pk, item.position) for item in items_of(version)] == [(suggestion.pk, 1)]


def test_the_same_question_twice_is_refused():
    question = make_question()
    version = make_version(question, published=False)
    with pytest.raises(Refused):
        actions.add_item(version=version, question=question)


def test_discarding_keeps_the_only_version():
    only = make_why_version(published=False)
    with pytest.raises(Refused):
        actions.discard_draft(version=only)
    version = make_why_version()
    draft = actions.draft_version(questionnaire=version.questionnaire, by=None, now=NOW)
    actions.discard_draft(version=draft)
    assert not QuestionnaireVersion.objects.filter(pk=draft.pk).exists()


def test_published_question_keeps_its_wording_but_not_its_tags():
    question = make_question()
    make_version(question)
    author = make_user("manager")
    with pytest.raises(Refused):
        actions.save_question(question=question, by=author, now=NOW, text=texts("Other?"))
    saved = actions.save_question(
        question=question, by=author, now=NOW, direction="speed", text=question.text
    )
    assert saved.direction == "speed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": {}}, "no_text"),
        ({"kind": "single", "options": [{"value": "a", "text": texts("A")}]}, "too_few_options"),
        ({"kind": "multi", "options": [{"value": "a"}, {"value": "a"}]}, "option_twice"),
        ({"kind": "text", "options": [{"value": "a"}]}, "no_options"),
    ],
)
def test_incomplete_question_is_refused(fields, code):
    values = {"code": "NEW", "kind": "scale5", "text": texts("How?"), "options": []}
    with pytest.raises(Refused) as caught:
        actions.save_question(by=make_user("manager"), now=NOW, **(values | fields))
    assert caught.value.code == code
