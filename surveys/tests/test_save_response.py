import uuid
from decimal import Decimal

import pytest

from callcenter.errors import Conflict, Refused
from surveys.actions import save_response
from surveys.models import Response
from surveys.queries import form_json, form_of
from surveys.tests.make import NOW, items_of, make_customer, make_response, make_version, make_why_version

pytestmark = pytest.mark.django_db


def answers_of(response):
    return {
        answer.item.position: answer for answer in response.answers.select_related("item").order_by("item_id")
    }


def test_answers_are_stored_typed():
    version = make_version("scale5", "multi", "number", "date", "text", "yesno")
    response = make_response(version, ["５", ["c", "a"], "1,000.5", "2026年1月2日", "更快", True])
    found = answers_of(response)
    assert (found[1].values, found[1].number) == (["5"], Decimal(5))
    assert found[2].values == ["a", "c"]
    assert found[3].number == Decimal("1000.5")
    assert found[4].text == "2026-01-02"
    assert found[5].text == "更快"
    assert (found[6].values, found[6].number) == (["yes"], Decimal(1))
    assert (response.complete, response.submitted_at) == (True, NOW)


def test_answer_of_a_left_branch_is_kept_as_not_asked():
    response = make_response(make_why_version(), ["5", ["a"], ...])
    found = answers_of(response)
    assert found[1].asked is True
    assert (found[2].asked, found[2].values) == (False, ["a"])


def test_unreadable_answer_of_a_left_branch_does_not_block():
    assert set(answers_of(make_response(make_why_version(), ["5", ["nonsense"], ...]))) == {1}


def test_missing_answer_of_an_asked_question_is_refused_by_item():
    version = make_why_version()
    with pytest.raises(Refused) as caught:
        make_response(version, ["2", ..., ...])
    assert list(caught.value.fields) == [str(items_of(version)[1].pk)]
    assert not Response.objects.exists()


def test_declined_answer_is_enough_and_counts_as_refused():
    found = answers_of(make_response(make_why_version(), ["2", None, ...]))
    assert (found[2].refused, found[2].asked, found[2].values) == (True, True, [])


def test_partial_is_kept_and_completed_later_under_the_same_id():
    version, key = make_why_version(), uuid.uuid4()
    customer = make_customer()
    overall, why, _suggestion = items_of(version)
    common = {"version": version, "customer": customer, "channel": "phone", "client_uuid": key, "now": NOW}
    partial = save_response(**common, answers={str(overall.pk): "1"}, complete=False)
    assert (partial.complete, partial.submitted_at) == (False, None)
    done = save_response(**common, answers={str(overall.pk): "2", str(why.pk): ["b"]}, complete=True)
    assert done.pk == partial.pk
    assert answers_of(done)[1].values == ["2"]


def test_saving_a_complete_response_again_changes_nothing():
    version, key, customer = make_version("scale5"), str(uuid.uuid4()), make_customer()
    item = str(items_of(version)[0].pk)
    common = {"version": version, "customer": customer, "channel": "phone", "client_uuid": key, "now": NOW}
    first = save_response(**common, answers={item: "5"}, complete=True)
    again = save_response(**common, answers={item: "1"}, complete=True)
    assert again.pk == first.pk
    assert answers_of(again)[1].values == ["5"]


def test_id_of_another_customers_answers_conflicts():
    version, key = make_version("text"), uuid.uuid4()
    common = {
        "version": version,
        "channel": "phone",
        "client_uuid": key,
        "now": NOW,
        "answers": {},
        "complete": False,
    }
    save_response(**common, customer=make_customer())
    with pytest.raises(Conflict):
        save_response(**common, customer=make_customer())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_uuid": "not-a-uuid"}, "uuid"),
        ({"client_uuid": None}, "uuid"),
        ({"channel": "pigeon"}, "channel"),
        ({"answers": {"999999999999999999999": "1"}}, "invalid_answers"),
        ({"answers": {"abc": "1"}}, "invalid_answers"),
    ],
)
def test_nonsense_is_refused(change, code):
    version = make_version("scale5")
    values = {
        "version": version,
        "customer": make_customer(),
        "channel": "phone",
        "client_uuid": uuid.uuid4(),
        "answers": {},
        "now": NOW,
        "complete": False,
    }
    with pytest.raises(Refused) as caught:
        save_response(**(values | change))
    assert caught.value.code == code


def test_wrong_value_is_refused_even_in_a_partial():
    with pytest.raises(Refused) as caught:
        make_response(make_version("scale5"), ["9"], complete=False)
    assert "9" in next(iter(caught.value.fields.values()))[0]


def test_first_use_freezes_the_version():
    version = make_version("scale5")
    make_response(version, ["5"])
    version.refresh_from_db()
    assert version.frozen_at == NOW


def test_form_is_one_query(django_assert_num_queries):
    version = make_version("scale5", "single", "yesno", "text")
    with django_assert_num_queries(1):
        items = form_of(version)
    assert [len(item.options) for item in items] == [5, 3, 2, 0]
    assert form_json(items, "en")[2]["options"][0] == {
        "value": "yes",
        "text": "Yes",
        "score": None,
        "key": "1",
    }


def test_saving_costs_the_same_for_many_questions(django_assert_num_queries):
    for kinds in (["scale5"], ["scale5"] * 12):
        version, customer = make_version(*kinds), make_customer()
        answers = {str(item.pk): "5" for item in items_of(version)}
        with django_assert_num_queries(13):
            save_response(
                version=version,
                customer=customer,
                channel="phone",
                client_uuid=uuid.uuid4(),
                answers=answers,
                now=NOW,
                complete=True,
            )
