"""The question bank: adding, changing, copying questions (CAM-6)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from surveys.models import Item, Question

CHOICES = frozenset({Question.Kind.SINGLE, Question.Kind.MULTI})
MEANING = ("kind", "text", "options")


@transaction.atomic
def save_question(*, question=None, by, now, **fields) -> Question:
    """Add a question to the bank, or change one.

    Kind, text and options of a question that a published version asks cannot change, for answers keep what was asked;
    its tags can. Raises ``Refused``: code taken, no text, a choice without at least two options, or already in use.
    """
    target = question or Question()
    if question is not None:
        target = Question.objects.select_for_update().get(pk=question.pk)
        _check_unused(target, fields)
    for name, value in fields.items():
        setattr(target, name, value)
    _check(target)
    try:
        with transaction.atomic():
            target.save()
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” is already taken. Choose another one.") % {"code": target.code},
            code="code_taken",
            fields={"code": [_("already taken")]},
        ) from error
    log_access(by, AccessLog.Action.CHANGE, "question", target.pk, now=now, code=target.code)
    return target


def check_question(*, question) -> None:
    """Raise ``Refused`` when a question may not be stored as it is now: incomplete, or changed although in use."""
    _check(question)
    stored = Question.objects.filter(pk=question.pk).first()
    if stored is not None:
        _check_unused(stored, {name: getattr(question, name) for name in MEANING})


def _check(question):
    if not any((question.text or {}).values()):
        raise Refused(_("The question has no text. Write it in at least one language."), code="no_text")
    values = [str(option["value"]) for option in question.options]
    if len(set(values)) < len(values):
        raise Refused(_("Two options have the same value. Give each its own."), code="option_twice")
    if question.kind in CHOICES and len(values) < 2:
        raise Refused(_("A choice needs at least two options."), code="too_few_options")
    if (
        question.kind not in CHOICES
        and values
        and question.kind not in (Question.Kind.SCALE5, Question.Kind.SCALE10)
    ):
        raise Refused(_("Only choices and scales have options; remove them."), code="no_options")


def _check_unused(question, fields):
    changed = [name for name in MEANING if name in fields and fields[name] != getattr(question, name)]
    if changed and used_in_published(question):
        raise Refused(
            _(
                "This question is asked by a published questionnaire, so that its kind, text and options stay as they were "
                "asked. Copy it and change the copy."
            ),
            code="question_in_use",
        )


def used_in_published(question) -> bool:
    """Whether a published or used version asks the question."""
    items = Item.objects.filter(question=question)
    return items.exclude(version__published_at=None, version__frozen_at=None).exists()
