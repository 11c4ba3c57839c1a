"""Makers of this app's tests: customers, questions, versions, responses."""

import itertools
import uuid
from datetime import UTC, datetime

from customers.tests.make import make_client, make_customer, make_team, make_unit
from people.models import Membership, User
from surveys.actions import save_response
from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Friday
__all__ = ["make_client", "make_customer", "make_team", "make_unit"]
_numbers = itertools.count(1)


def make_user(role=None, *, team=None, unit=None, client=None, department=None):
    """A person with one role; without a place a role of teams gets a new unit."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"survey-user{number}", password="long-enough-1", full_name=f"Person {number}"
    )
    if role:
        if role not in ("admin", "client", "department") and not team and not unit:
            team, unit = (make_team(), None) if role == "agent" else (None, make_unit())
        Membership.objects.create(
            user=user, role=role, team=team, unit=unit, client_id=client and client.pk, department=department
        )
    return user


def texts(text):
    return {"zh-hans": text, "zh-hant": text, "en": text}


def options(*values):
    return [{"value": value, "text": texts(f"option {value}")} for value in values]


def make_question(kind="scale5", **fields):
    number = next(_numbers)
    values = {"code": f"Q{number}", "text": texts(f"Question {number}?"), "kind": kind}
    if kind in ("single", "multi"):
        values["options"] = options("a", "b", "c")
    return Question.objects.create(**(values | fields))


def make_version(*kinds, published=True, questionnaire=None, number=1):
    """A version with one item per kind (or question), without conditions."""
    made = next(_numbers)
    questionnaire = questionnaire or Questionnaire.objects.create(name=f"Form {made}", code=f"F{made}")
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=number, created_at=NOW, published_at=NOW if published else None
    )
    for place, kind in enumerate(kinds, start=1):
        question = kind if isinstance(kind, Question) else make_question(kind)
        Item.objects.create(version=version, position=place, question=question)
    return version


def items_of(version):
    return list(version.items.order_by("position"))


def make_why_version(**kwargs):
    """Overall satisfaction (1-5), then “why?” asked only after 1 to 3, then a suggestion that is optional."""
    version = make_version("scale5", "multi", "text", **kwargs)
    overall, why, suggestion = items_of(version)
    Item.objects.filter(pk=why.pk).update(depends_on=overall, when_values=["1", "2", "3"])
    Item.objects.filter(pk=suggestion.pk).update(required=False)
    return version


def make_response(version, answers, *, customer=None, complete=True, now=NOW, channel="phone"):
    """A saved response; ``answers`` in the order of the items, ``...`` leaves one out."""
    given = {
        str(item.pk): value
        for item, value in zip(items_of(version), answers, strict=False)
        if value is not ...
    }
    return save_response(
        version=version,
        customer=customer or make_customer(),
        channel=channel,
        client_uuid=uuid.uuid4(),
        answers=given,
        now=now,
        complete=complete,
    )
