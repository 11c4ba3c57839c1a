"""Saving what a customer answered, once, typed, in the version it was asked in (CAM-7)."""

import uuid
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from customers.models import Channel
from surveys.actions.latest import mark_latest
from surveys.models import Answer, QuestionnaireVersion, Response
from surveys.queries import FormItem, form_of
from surveys.rules.answers import BadAnswer, Value
from surveys.rules.branching import visible


def _sentence(error: BadAnswer) -> str:
    """The mistake in the reader's language: what was wrong and what to do."""
    sentences = {
        "one_only": _("Choose one answer only; “%(value)s” are several."),
        "not_offered": _("“%(value)s” is not one of the answers of this question."),
        "too_long": _("The text is too long; 2,000 characters are possible."),
        "not_a_number": _("“%(value)s” is not a number. Write it like 1234.5."),
        "number_range": _("“%(value)s” is too large a number for this question."),
        "not_a_date": _("“%(value)s” is not a date. Write it like 2026-11-21."),
        "not_a_value": _("This is not an answer that can be read; send a text, a number or a list of them."),
    }
    return sentences[error.code] % {"value": error.value}


def read_answers(
    items: list[FormItem], raw: Mapping[str, object], *, complete: bool
) -> tuple[dict[int, Value], set[int]]:
    """Typed answers by item id, and the ids of the items that were asked.

    One pass in the order of asking. A hidden question's answer is kept when it can be read and ignored otherwise.
    Raises ``Refused`` with one message per wrong or (when ``complete``) missing answer, keyed by item id.
    """
    typed, wrong = _typed(items, raw)
    asked = set(visible(items, {item_id: value.values for item_id, value in typed.items()}))
    problems = {str(item_id): [_sentence(error)] for item_id, error in wrong.items() if item_id in asked}
    if complete:
        for item in items:
            if item.required and item.id in asked and item.id not in typed and item.id not in wrong:
                problems[str(item.id)] = [
                    _("This question has no answer yet. Answer it or mark it as declined.")
                ]
    unknown = [key for key in raw if key not in {str(item.id) for item in items}]
    if unknown:
        problems[""] = [
            _("The question %(id)s is not part of this version. Reload the page.")
            % {"id": str(unknown[0])[:20]}
        ]
    if problems:
        raise Refused(
            _("Some answers are missing or wrong. Correct the marked questions and save again."),
            code="invalid_answers",
            fields=problems,
        )
    return typed, asked


def _typed(items, raw):
    typed, wrong = {}, {}
    for item in items:
        if str(item.id) not in raw:
            continue
        try:
            value = item.read(raw[str(item.id)])
        except BadAnswer as error:
            wrong[item.id] = error
        else:
            if value is not None:
                typed[item.id] = value
    return typed, wrong


@transaction.atomic
def save_response(*, version, customer, channel, client_uuid, answers, now, complete) -> Response:
    """Save one customer's answers; the first save freezes the version (CAM-7).

    ``answers`` maps item ids (as strings) to raw values, lists or None for "declined". ``client_uuid`` makes it
    idempotent: a complete response is returned unchanged, a partial one (``complete=False``) is replaced. Answers of
    questions that the branching hides are kept with ``asked=False``. Raises ``Refused`` (wrong answers, by item id in
    ``fields``; unknown channel or id) and ``Conflict`` when the id belongs to another customer or version.
    """
    key = _uuid(client_uuid)
    if channel not in Channel.values:
        raise Refused(_("“%(channel)s” is not a channel.") % {"channel": str(channel)[:20]}, code="channel")
    response = _locked(key) or _new(version, customer, channel, key)
    if response.version_id != version.pk or response.customer_id != customer.pk:
        raise Conflict(
            _("These answers were already saved for another customer or questionnaire. Reload the page."),
            code="uuid_reused",
        )
    if response.complete:
        return response
    freeze(version=version, now=now)
    raw = {str(item_id): value for item_id, value in answers.items()}
    typed, asked = read_answers(form_of(version), raw, complete=complete)
    response.answers.all().delete()
    Answer.objects.bulk_create(
        [
            Answer(
                response=response,
                item_id=item_id,
                asked=item_id in asked,
                refused=value.refused,
                values=list(value.values),
                number=value.number,
                text=value.text,
            )
            for item_id, value in typed.items()
        ]
    )
    response.channel, response.complete = channel, complete
    response.submitted_at = now if complete else None
    response.save(update_fields=["channel", "complete", "submitted_at"])
    if complete:
        mark_latest([customer.pk])
    return response


def _uuid(raw) -> uuid.UUID:
    try:
        return raw if isinstance(raw, uuid.UUID) else uuid.UUID(str(raw))
    except ValueError as error:
        raise Refused(
            _("The answers carry no valid number of their own. Reload the page."), code="uuid"
        ) from error


def _locked(key):
    return Response.objects.select_for_update().filter(client_uuid=key).first()


def _new(version, customer, channel, key):
    """A new empty response; if another request made it meanwhile, that one."""
    try:
        with transaction.atomic():
            return Response.objects.create(
                version=version, customer=customer, channel=channel, client_uuid=key
            )
    except IntegrityError:
        return Response.objects.select_for_update().get(client_uuid=key)


def freeze(*, version, now) -> None:
    """Freeze a version at its first use; later uses change nothing."""
    if version.frozen_at is None:
        QuestionnaireVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now)
        version.frozen_at = now
