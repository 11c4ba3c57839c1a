"""Two browsers at once, on a real database with real threads."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from callcenter.errors import Conflict
from callcenter.tests.threads import together
from surveys import actions
from surveys.models import Answer, Invitation, Item, Response
from surveys.tests.make import NOW, items_of, make_customer, make_question, make_version, make_why_version

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def test_the_same_answers_sent_many_times_are_one_response():
    version, customer, key = make_version("scale5"), make_customer(), uuid.uuid4()
    item = str(items_of(version)[0].pk)

    def save():
        return actions.save_response(
            version=version,
            customer=customer,
            channel="phone",
            client_uuid=key,
            answers={item: "5"},
            now=NOW,
            complete=True,
        ).pk

    found = together([save] * 8)
    assert len(set(found)) == 1
    assert isinstance(found[0], int)
    assert (Response.objects.count(), Answer.objects.count()) == (1, 1)


def test_first_use_and_an_edit_at_once_never_leave_answers_of_a_removed_question():
    for _round in range(6):
        version, customer = make_why_version(published=False), make_customer()
        overall, _why, last = items_of(version)

        def save(version=version, customer=customer, overall=overall, last=last):
            return actions.save_response(
                version=version,
                customer=customer,
                channel="phone",
                client_uuid=uuid.uuid4(),
                answers={str(overall.pk): "5", str(last.pk): "more"},
                now=NOW,
                complete=True,
            )

        saved, removed = together([save, lambda last=last: actions.remove_item(item=last)])
        version.refresh_from_db()
        if isinstance(removed, Conflict):
            assert saved.answers.filter(item=last).exists()
        else:
            assert isinstance(saved, Exception)
            assert not Item.objects.filter(pk=last.pk).exists()


def test_two_editors_never_give_two_questions_the_same_place():
    version = make_version("text", published=False)
    questions = [make_question("text") for _number in range(6)]
    together([lambda one=one: actions.add_item(version=version, question=one) for one in questions])
    assert list(version.items.order_by("position").values_list("position", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]


def test_one_invitation_answered_twenty_times_at_once_is_one_response():
    version = make_version("scale5")
    invitation = Invitation.objects.create(
        version=version,
        customer=make_customer(),
        channel="sms",
        language="zh-hans",
        token_hash="x" * 64,
        message_key="race",
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    item = str(items_of(version)[0].pk)

    def answer(number):
        return lambda: (
            actions.answer_invitation(
                invitation=invitation, answers={item: str(number % 5 + 1)}, channel="sms", now=NOW
            ).pk
        )

    found = together([answer(number) for number in range(20)])
    assert sum(isinstance(one, Conflict) for one in found) == 19
    assert (Response.objects.count(), Answer.objects.count()) == (1, 1)
