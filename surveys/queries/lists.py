"""The question bank and the questionnaires as lists (CAM-6, CAM-7)."""

from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, Value, When

from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.rules.rotation import Candidate
from surveys.states import ProposalState


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


def newest_version(questionnaire) -> QuestionnaireVersion | None:
    """The newest version that is published or in use."""
    return questionnaire.versions.usable().order_by("-number", "-id").first()


def candidates() -> list[Candidate]:
    """The active questions of the bank as the rotation rule weighs them; one query."""
    rows = Question.objects.filter(active=True).annotate(used=Count("items")).order_by("id")
    return [Candidate(row.pk, row.kind, row.direction, row.used) for row in rows]


def replacements(proposal):
    """The questions that may take the place of the proposal's: active, of its kind, same direction first."""
    fitting = Question.objects.filter(active=True, kind=proposal.question.kind).exclude(
        pk=proposal.question_id
    )
    same = Case(When(direction=proposal.question.direction, then=Value(0)), default=Value(1))
    return fitting.order_by(same, "code", "id")


def proposals(questionnaire):
    """Rotation proposals, open ones first, then the newest."""
    rows = questionnaire.proposals.select_related("question", "replacement", "decided_by", "new_version")
    still_open = Case(When(state=ProposalState.OPEN, then=Value(0)), default=Value(1))
    return rows.order_by(still_open, "-created_at", "-id")
