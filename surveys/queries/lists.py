"""The question bank and the questionnaires as lists (CAM-6, CAM-7)."""

from django.db.models import Count, Max, OuterRef, Q, Subquery

from surveys.models import Question, Questionnaire, QuestionnaireVersion


def question_bank(user, *, search="", kind="", direction="", purpose=""):
    """Questions in the user's scope that match the filters, with ``used_in`` = number of versions that ask them."""
    rows = Question.objects.visible_to(user).annotate(used_in=Count("items"))
    if search := search.replace("\x00", "").strip()[:80]:
        rows = rows.filter(
            Q(code__icontains=search) | Q(text__icontains=search) | Q(direction__icontains=search)
        )
    for name, value in (("kind", kind), ("direction", direction), ("purpose", purpose)):
        if value := value.replace("\x00", "").strip()[:40]:
            rows = rows.filter(**{name: value})
    return rows.order_by("direction", "code", "id")


def directions():
    """The directions questions are tagged with, for the filter and the datalist; at most 200."""
    found = Question.objects.exclude(direction="").order_by("direction").values_list("direction", flat=True)
    return list(found.distinct()[:200])


def questionnaires(user):
    """Questionnaires in scope with the newest published version, versions, an open draft and answers so far."""
    newest = (
        QuestionnaireVersion.objects.usable().filter(questionnaire=OuterRef("pk")).order_by("-number", "-id")
    )
    draft = QuestionnaireVersion.objects.filter(
        questionnaire=OuterRef("pk"), published_at=None, frozen_at=None
    ).order_by("-number", "-id")
    return (
        Questionnaire.objects.visible_to(user)
        .annotate(
            newest=Subquery(newest.values("number")[:1]),
            draft=Subquery(draft.values("pk")[:1]),
            version_count=Count("versions", distinct=True),
            last_changed=Max("versions__created_at"),
        )
        .order_by("name", "id")
    )


def versions_of(questionnaire):
    """All versions, newest first, with how many questions and responses each has."""
    return (
        questionnaire.versions.select_related("published_by", "created_by")
        .annotate(item_count=Count("items", distinct=True), response_count=Count("responses", distinct=True))
        .order_by("-number", "-id")
    )
