"""Which answer is a customer's latest to a question: marked as answers come, so that segments need no sorting (CUS-5)."""

from collections.abc import Collection

from django.db.models import Case, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from customers.actions.merging.relations import after_merging
from customers.models import Customer
from surveys.models import Answer


def mark_latest(customer_ids: Collection[int]) -> None:
    """Mark the newest answer that counts per customer and question, over all versions of questionnaires.

    Counted are answers of complete responses that were asked and not declined; of those given at once the last one is the newest.
    Call it in the transaction that saved or changed answers; two at once of one customer wait for each other.
    """
    people = Customer.objects.filter(pk__in=customer_ids).order_by("pk")
    list(people.select_for_update(of=("self",), no_key=True).values_list("pk"))
    newest = _newest(customer_ids)
    wrong = Q(latest=True) & ~Q(pk__in=newest) | Q(latest=False, pk__in=newest)
    answers = Answer.objects.filter(wrong, response__customer__in=customer_ids)
    answers.update(latest=Case(When(latest=True, then=False), default=True))


def _newest(customer_ids) -> QuerySet:
    counted = Answer.objects.filter(
        response__customer__in=customer_ids, response__complete=True, asked=True, refused=False
    )
    place = Window(
        RowNumber(),
        partition_by=[F("response__customer_id"), F("item__question_id")],
        order_by=[F("response__submitted_at").desc(nulls_last=True), F("id").desc()],
    )
    return counted.annotate(place=place).filter(place=1).order_by().values("pk")


@after_merging
def unite_latest(*, journal, survivor, **_rest) -> None:
    """Of two records that became one, only the newest answer to each question is the latest."""
    marked = Answer.objects.filter(response__customer=survivor, latest=True)
    with journal.watching(marked):
        mark_latest([survivor.pk])
