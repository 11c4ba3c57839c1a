"""Questionnaires and their versions: draft, edit, publish (CAM-7)."""

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from surveys.models import Item, Questionnaire, QuestionnaireVersion
from surveys.queries import form_of, values_offered
from surveys.rules import branching

MAX_ITEMS = 60


@transaction.atomic
def create_questionnaire(*, name, code, by, now) -> QuestionnaireVersion:
    """A new questionnaire with an empty first draft. Raises ``Refused`` when the code is taken."""
    try:
        with transaction.atomic():
            questionnaire = Questionnaire.objects.create(name=name, code=code)
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” is already taken. Choose another one.") % {"code": code},
            code="code_taken",
            fields={"code": [_("already taken")]},
        ) from error
    return QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, created_by=by, created_at=now
    )


@transaction.atomic
def draft_version(*, questionnaire, by, now, source=None, note="") -> QuestionnaireVersion:
    """A new draft with the items of ``source`` (default: the newest version). One draft at a time.

    Raises ``Conflict`` when there already is a draft.
    """
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    versions = questionnaire.versions.order_by("-number", "-id")
    if versions.filter(published_at=None, frozen_at=None).exists():
        raise Conflict(
            _("There already is a draft of this questionnaire. Edit or publish that one."), code="has_draft"
        )
    source = source or versions.first()
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    draft = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=number, note=note[:300], created_by=by, created_at=now
    )
    if source is not None:
        _copy_items(source, draft)
    return draft


def _copy_items(source, draft):
    copies = {}
    for item in source.items.order_by("position", "id"):
        copies[item.pk] = Item.objects.create(
            version=draft,
            position=item.position,
            question_id=item.question_id,
            required=item.required,
            depends_on=copies.get(item.depends_on_id),
            when_values=item.when_values,
        )


def _draft(version) -> QuestionnaireVersion:
    """The version, locked. Raises ``Conflict`` unless it is a draft."""
    locked = QuestionnaireVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at or locked.frozen_at:
        raise Conflict(
            _(
                "Version %(number)s is published or in use and stays as it was asked. Make a new version to change it."
            )
            % {"number": locked.number},
            code="version_frozen",
        )
    return locked


@transaction.atomic
def add_item(*, version, question, required=True, depends_on=None, when_values=()) -> Item:
    """Put a question at the end of a draft, with a condition if ``depends_on`` is given.

    Raises ``Refused`` when it is already asked, or the condition is not on an earlier choice, scale or yes/no.
    """
    draft = _draft(version)
    if draft.items.filter(question=question).exists():
        raise Refused(_("This question is already part of the questionnaire."), code="question_twice")
    last = draft.items.aggregate(last=Max("position"))["last"] or 0
    if draft.items.count() >= MAX_ITEMS:
        raise Refused(
            _("A questionnaire has at most %(n)s questions.") % {"n": MAX_ITEMS}, code="too_many_items"
        )
    item = Item.objects.create(
        version=draft,
        position=last + 1,
        question=question,
        required=required,
        depends_on=depends_on,
        when_values=list(when_values),
    )
    _check_branches(draft)
    return item


@transaction.atomic
def change_item(*, item, required, depends_on=None, when_values=()) -> Item:
    """Change whether a question of a draft must be answered, and when it is asked. Raises as ``add_item``."""
    draft = _draft(item.version)
    item.required, item.depends_on = required, depends_on
    item.when_values = list(when_values) if depends_on else []
    item.save(update_fields=["required", "depends_on", "when_values"])
    _check_branches(draft)
    return item


@transaction.atomic
def move_item(*, item, up) -> None:
    """Swap a question of a draft with its neighbour; at the edge nothing happens.

    Raises ``Refused`` when a question would come before the one it depends on.
    """
    draft = _draft(item.version)
    items = list(draft.items.order_by("position", "id"))
    place = next(place for place, one in enumerate(items) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    _number(draft, [one.pk for one in items])
    _check_branches(draft)


@transaction.atomic
def remove_item(*, item) -> None:
    """Take a question out of a draft. Raises ``Refused`` while other questions depend on its answer."""
    draft = _draft(item.version)
    if item.dependants.exists():
        raise Refused(
            _("Other questions are asked depending on this one. Change their conditions first."),
            code="depended_on",
        )
    item.delete()
    _number(draft, list(draft.items.order_by("position", "id").values_list("pk", flat=True)))


@transaction.atomic
def replace_question(*, version, question, replacement) -> Item:
    """Put another question of the same kind in the place of one in a draft; conditions stay (CAM-8).

    Raises ``Refused`` when the draft does not ask the question, asks the replacement already, or the kinds differ.
    """
    draft = _draft(version)
    item = draft.items.filter(question=question).first()
    if item is None:
        raise Refused(
            _("The draft no longer asks this question; nothing is left to replace."), code="not_asked"
        )
    if replacement.kind != question.kind:
        raise Refused(_("The replacement must be a question of the same kind."), code="other_kind")
    if draft.items.filter(question=replacement).exists():
        raise Refused(_("This question is already part of the questionnaire."), code="question_twice")
    item.question = replacement
    item.save(update_fields=["question"])
    _check_branches(draft)
    return item


def _number(draft, ids):
    """Positions 1, 2, 3 … in the order of ``ids``; moved out of the way first, for positions are unique."""
    draft.items.update(position=F("position") + 1_000)
    for place, pk in enumerate(ids, start=1):
        draft.items.filter(pk=pk).update(position=place)


def _check_branches(draft):
    items = form_of(draft)
    found = branching.problems(items, values_offered(items))
    if not found:
        return
    sentences = {
        "later": _(
            "Question %(place)s depends on a question that is not asked before it. Change the order or the condition."
        ),
        "kind": _("Question %(place)s can depend only on a single choice, a scale or a yes/no question."),
        "empty": _("Question %(place)s depends on another one: choose for which answers it is asked."),
        "value": _(
            "Question %(place)s waits for an answer which the other question does not offer. Choose again."
        ),
    }
    item_id, code = found[0]
    place = next(item.position for item in items if item.id == item_id)
    raise Refused(sentences[code] % {"place": place}, code=f"branch_{code}")


@transaction.atomic
def publish_version(*, version, by, now) -> QuestionnaireVersion:
    """Publish a draft: campaigns can choose it, and it no longer changes. Raises ``Refused`` when it is empty."""
    draft = _draft(version)
    if not draft.items.exists():
        raise Refused(
            _("A questionnaire without questions cannot be published. Add questions first."), code="empty"
        )
    _check_branches(draft)
    draft.published_at, draft.published_by = now, by
    draft.save(update_fields=["published_at", "published_by"])
    return draft


@transaction.atomic
def discard_draft(*, version) -> None:
    """Throw a draft away. The only version of a questionnaire stays. Raises ``Conflict`` unless it is a draft."""
    draft = _draft(version)
    if not draft.questionnaire.versions.exclude(pk=draft.pk).exists():
        raise Refused(
            _("This is the only version of the questionnaire. Edit it instead."), code="only_version"
        )
    draft.items.update(depends_on=None)
    draft.delete()
