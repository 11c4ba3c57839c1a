"""Segments by what customers answered: the condition kinds this app brings to ``customers`` (CUS-5).

Only complete responses count, and of them answers that were asked and not declined (domain.md section 6). Which answer is a
customer's latest is marked when it is saved (`actions.latest`).
"""

import json
from decimal import Decimal

from django.db import connection
from django.db.models import Avg, CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from customers.queries.segments import Kind, register
from surveys.models import Answer, Item, Question
from surveys.rules.answers import BadAnswer, offered, read
from surveys.rules.segments import ANSWER, SCORE, SCORED, fits

CUSTOMER = "response__customer_id"


def _answers(code):
    """The answers to a question that count, over every version it was asked in."""
    items = list(Item.objects.filter(question__code=code).values_list("pk", flat=True))
    return Answer.objects.filter(item__in=items, asked=True, refused=False, response__complete=True)


def _customers_whose_latest(answers, matches):
    """Ids of the customers whose latest answer matches."""
    return answers.filter(matches, latest=True).order_by().values(CUSTOMER)


def _holds(value):
    """The condition that the chosen values of an answer hold this one."""
    if connection.features.supports_json_field_contains:
        return Q(values__contains=[value])
    return Q(
        pk__in=Answer.objects.annotate(listed=Cast("values", CharField()))
        .filter(listed__contains=json.dumps(value))
        .values("pk")
    )


def _matches(values, question):
    """What the latest answer must be for the operator."""
    value, op = values["value"], values["op"]
    if question.kind == "text":
        return Q(text__icontains=value)
    if question.kind == "date":
        return Q(**{{"at_least": "text__gte", "at_most": "text__lte"}.get(op, "text"): value}) & ~Q(text="")
    if question.kind in ("single", "multi", "yesno"):
        return _holds(value)
    number = Decimal(value)
    return Q(**{{"at_least": "number__gte", "at_most": "number__lte"}.get(op, "number"): number})


def _answer(values, run):
    answers, op = _answers(values["question"]), values["op"]
    if op in ("answered", "not_answered"):
        among = Q(pk__in=answers.order_by().values(CUSTOMER))
        return among if op == "answered" else ~among
    question = Question.objects.filter(code=values["question"]).first()
    if question is None or _faults(question, values):
        return Q(pk__in=[])
    matches = _matches(values, question)
    return Q(pk__in=_customers_whose_latest(answers, ~matches if op == "is_not" else matches))


def _score(values, run):
    scores = _answers(values["question"])
    limit, lookup = Decimal(values["value"]), "lte" if values["op"] == "at_most" else "gte"
    if values["which"] == "latest":
        return Q(pk__in=_customers_whose_latest(scores, Q(**{f"number__{lookup}": limit})))
    means = scores.filter(number__isnull=False).order_by().values(CUSTOMER).annotate(mean=Avg("number"))
    return Q(pk__in=means.filter(**{f"mean__{lookup}": limit}).values(CUSTOMER))


def _check(values):
    """What is wrong with operator and value for that question, by field."""
    question = Question.objects.filter(code=values["question"]).first()
    return _faults(question, values) if question else {}


def _faults(question, values):
    if not fits(question.kind, values):
        return {"op": _("This does not fit the question. Choose another comparison.")}
    if "value" not in values or question.kind == "text":
        return {}
    value = values["value"]
    if question.kind in ("single", "multi", "yesno", "scale5", "scale10"):
        known = offered(question.kind, question.options)
        if value not in known:
            return {
                "value": _("Choose one of the answers of the question: %(values)s")
                % {"values": ", ".join(known)}
            }
        if values["op"] in ("is", "is_not") or question.kind in ("scale5", "scale10"):
            return {}
    try:
        typed = read(question.kind, value, question.options)
    except BadAnswer:
        typed = None
    if typed is None or question.kind == "date" and typed.text != value:
        sentence = (
            _("Write a day like 2026-11-21.") if question.kind == "date" else _("This is not a number.")
        )
        return {"value": sentence}
    return {}


def _questions(user):
    """The questions of the bank, active ones first, by code and text."""
    rows = Question.objects.order_by("-active", "code", "id")
    return [(row.code, f"{row.code} · {row}"[:90]) for row in rows]


def _scored(user):
    rows = Question.objects.filter(kind__in=SCORED).order_by("-active", "code", "id")
    return [(row.code, f"{row.code} · {row}"[:90]) for row in rows]


def register_kinds() -> None:
    """Offer the kinds; called when the app is ready."""
    register(Kind(ANSWER, _answer, {"question": _questions}, check=_check))
    register(Kind(SCORE, _score, {"question": _scored}))
