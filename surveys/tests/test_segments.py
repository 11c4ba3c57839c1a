"""Segments by answers and scores: the latest answer counts, on both sides of each border (CUS-5)."""

import random
from datetime import timedelta

import pytest

from customers.actions import merge_customers, undo_merge
from customers.models import Customer
from customers.queries.segments import KINDS
from customers.tests.make import make_client, make_user
from customers.tests.make import make_user as make_person
from customers.tests.segments import found
from surveys.models import Answer, Question
from surveys.queries.segments import _check as check
from surveys.tests.make import NOW, make_customer, make_question, make_response, make_version

pytestmark = pytest.mark.django_db


def answered(kind, *answers, question=None, **fields):
    """A customer who gave the answers one after another, a day apart, and the question."""
    question = question or make_question(kind)
    customer = make_customer()
    for number, answer in enumerate(answers):
        version = make_version(question)
        make_response(version, [answer], customer=customer, now=NOW + timedelta(days=number), **fields)
    return customer, question


def by_answer(question, op, value=None):
    values = {} if value is None else {"value": value}
    return found({"kind": "answer", "question": question.code, "op": op, **values})


def by_score(question, which, op, value):
    return found({"kind": "score", "question": question.code, "which": which, "op": op, "value": value})


def test_latest_answer_counts_over_every_version():
    changed, question = answered("single", "a", "b")
    stayed, _ = answered("single", "a", question=question)
    silent = make_customer()
    assert by_answer(question, "is", "a") == {stayed}
    assert by_answer(question, "is", "b") == {changed}
    assert by_answer(question, "is_not", "a") == {changed}
    assert by_answer(question, "answered") == {changed, stayed}
    assert by_answer(question, "not_answered") == {silent}


def test_of_answers_given_in_one_instant_the_last_one_counts():
    question, customer = make_question("single"), make_customer()
    for answer in ("a", "b"):
        make_response(make_version(question), [answer], customer=customer)
    assert by_answer(question, "is", "b") == {customer}


def test_one_choice_among_several_is_found_whole():
    options = [{"value": value, "text": {"en": value}} for value in ("5", "15", "价格")]
    question = make_question("multi", options=options)
    fifteen, _ = answered("multi", ["15"], question=question)
    both, _ = answered("multi", ["5", "价格"], question=question)
    assert by_answer(question, "is", "5") == {both}
    assert by_answer(question, "is", "价格") == {both}
    assert by_answer(question, "is_not", "5") == {fifteen}


@pytest.mark.parametrize(
    ("kind", "low", "high", "op", "value", "expected"),
    [
        ("scale5", "2", "3", "at_most", "2", "low"),
        ("scale5", "2", "3", "at_least", "3", "high"),
        ("scale10", "9", "10", "at_least", "10", "high"),
        ("scale10", "2", "10", "at_most", "9", "low"),
        ("number", "99.5", "100", "at_most", "99.5", "low"),
        ("number", "99.5", "100", "is", "100", "high"),
        ("date", "2026-11-20", "2026-11-21", "at_least", "2026-11-21", "high"),
        ("date", "2026-11-20", "2026-11-21", "at_most", "2026-11-20", "low"),
        ("text", "太慢了 slow", "很好", "contains", "SLOW", "low"),
        ("yesno", "no", "yes", "is", "yes", "high"),
    ],
)
def test_each_kind_of_question_on_both_sides_of_the_border(kind, low, high, op, value, expected):
    one, question = answered(kind, low)
    two, _ = answered(kind, high, question=question)
    assert by_answer(question, op, value) == {one if expected == "low" else two}


def test_declined_partial_and_hidden_answers_do_not_count():
    question = make_question("scale5")
    partial, _ = answered("scale5", "1", question=question, complete=False)
    declined, _ = answered("scale5", None, question=question)
    hidden, _ = answered("scale5", "1", question=question)
    hidden.responses.get().answers.update(asked=False)
    assert by_answer(question, "answered") == set()
    assert by_answer(question, "not_answered") == {partial, declined, hidden}
    assert by_score(question, "latest", "at_most", "5") == set()


def test_scores_latest_and_mean_on_both_sides_of_the_border():
    better, question = answered("scale5", "1", "2", "5")
    worse, _ = answered("scale5", "5", "4", "2", question=question)
    assert by_score(question, "latest", "at_least", "5") == {better}
    assert by_score(question, "latest", "at_most", "2") == {worse}
    assert by_score(question, "latest", "at_most", "1.99") == set()
    assert by_score(question, "mean", "at_most", "2.67") == {better}
    assert by_score(question, "mean", "at_most", "2.66") == set()
    assert by_score(question, "mean", "at_least", "3.66") == {worse}
    assert by_score(question, "mean", "at_least", "3.67") == set()


def test_scores_with_two_digits_are_compared_as_numbers():
    ten, question = answered("scale10", "10")
    assert by_score(question, "mean", "at_least", "9") == {ten}
    assert by_score(question, "latest", "at_least", "9") == {ten}
    assert by_score(question, "mean", "at_most", "9") == set()


def test_answers_of_customers_out_of_scope_find_nobody():
    _customer, question = answered("scale5", "1")
    condition = {"kind": "answer", "question": question.code, "op": "answered"}
    assert found(condition, user=make_person("lead", team=None, unit=make_customer().unit)) == set()


@pytest.mark.parametrize(
    ("kind", "op", "value", "field"),
    [
        ("text", "is", "x", "op"),
        ("scale5", "contains", "x", "op"),
        ("single", "at_least", "a", "op"),
        ("single", "is", "z", "value"),
        ("scale5", "at_least", "6", "value"),
        ("scale10", "is", "11", "value"),
        ("number", "at_least", "many", "value"),
        ("date", "is", "tomorrow", "value"),
        ("date", "is", "2026/11/21", "value"),
    ],
)
def test_what_does_not_fit_the_question_is_explained_and_finds_nobody(kind, op, value, field):
    customer, question = answered(
        kind, {"text": "x", "number": "5", "date": "2026-11-20"}.get(kind, "a" if kind == "single" else "5")
    )
    faults = check({"question": question.code, "op": op, "value": value})
    assert list(faults) == [field]
    assert by_answer(question, op, value) == set()
    assert customer


def test_unknown_question_finds_nobody():
    make_customer()
    gone = Question(code="GONE")
    assert by_answer(gone, "is", "5") == set()
    assert by_score(gone, "mean", "at_most", "5") == set()


def test_both_kinds_are_offered_with_the_questions_of_the_bank():
    _customer, question = answered("scale5", "5")
    text = make_question("text")
    admin = make_person("admin")
    offered = {
        code: [one for one, _name in KINDS[code].options["question"](admin)] for code in ("answer", "score")
    }
    assert offered == {"answer": [question.code, text.code], "score": [question.code]}


def newest_by_hand():
    """What `latest` must mark, found the slow way."""
    rows = Answer.objects.filter(response__complete=True, asked=True, refused=False)
    rows = rows.order_by("response__submitted_at", "id").values_list(
        "response__customer_id", "item__question_id", "pk"
    )
    return set({(customer, question): pk for customer, question, pk in rows}.values())


def marked():
    return set(Answer.objects.filter(latest=True).values_list("pk", flat=True))


def test_the_latest_answer_is_marked_in_whatever_order_answers_come():
    rng = random.Random(20260304)
    questions = [make_question("scale5"), make_question("yesno")]
    client, manager = make_client(), make_user()
    people = [make_customer(client=client) for _number in range(2)]
    for _turn in range(30):
        version = make_version(*rng.sample(questions, rng.randrange(1, 3)))
        kinds = version.items.order_by("position").values_list("question__kind", flat=True)
        answers = [rng.choice([{"scale5": "3", "yesno": "yes"}[kind], None]) for kind in kinds]
        make_response(
            version, answers, customer=rng.choice(people), now=NOW + timedelta(hours=rng.randrange(-99, 99))
        )
        assert marked() == newest_by_hand()
    before = marked()
    versions = dict(Customer.objects.values_list("pk", "version"))
    merged = merge_customers(survivor=people[0], loser=people[1], versions=versions, by=manager, now=NOW)
    assert marked() == newest_by_hand() != before
    undo_merge(merge=merged, by=manager, now=NOW)
    assert marked() == before
