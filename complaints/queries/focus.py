"""Reads about problem points and focus issues."""

from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import FocusCall, FocusIssue, Issue, ProblemPoint
from complaints.queries.issues import Entry
from complaints.queries.people import levels_of
from complaints.rules.deadlines import HEAD
from complaints.states import FOCUS_UNRESOLVED, FocusState, IssueState


def customers_since_reset(point, *, now) -> int:
    """How many different customers reported ``point`` since its last focus issue was resolved, up to ``now``.

    With a window on the point only that many days count (ISS-5).
    """
    reports = Issue.objects.filter(problem_point=point, raised_at__lte=now)
    if point.reset_at:
        reports = reports.filter(raised_at__gt=point.reset_at)
    if point.focus_window_days:
        reports = reports.filter(raised_at__gte=now - timedelta(days=point.focus_window_days))
    return reports.aggregate(customers=Count("customer_id", distinct=True))["customers"]


def active_points() -> QuerySet[ProblemPoint]:
    """The problem points an agent may choose, those with a key first, in the order of the keys."""
    return ProblemPoint.objects.filter(active=True).select_related("department").order_by("-key", "id")


def published_focus() -> QuerySet[FocusIssue]:
    """Focus issues agents must know, newest first; the answer for customers is ``notice``."""
    rows = FocusIssue.objects.filter(state__in=FOCUS_UNRESOLVED).select_related("problem_point", "department")
    return rows.order_by("-opened_at", "-id")


def focus_board(user) -> QuerySet[FocusIssue]:
    """Focus issues in the person's scope, open ones first, each with its reports, customers and sample so far."""
    return (
        FocusIssue.objects.visible_to(user)
        .select_related("problem_point", "department", "head")
        .annotate(
            reporting=Count("problem_point__issues__customer", distinct=True, filter=_under_focus()),
            called=Count("calls", distinct=True, filter=Q(calls__closed_at__isnull=False)),
        )
        .order_by("closed_at", "-id")
    )


def _under_focus():
    return Q(problem_point__issues__state=IssueState.FOCUS)


def points_by_customers(*, limit=20) -> QuerySet[ProblemPoint]:
    """Active points with how many customers have reported them since the count began, most first."""
    counted = Q(reset_at=None) | Q(issues__raised_at__gt=F("reset_at"))
    return (
        ProblemPoint.objects.filter(active=True)
        .select_related("department")
        .annotate(customers=Count("issues__customer", distinct=True, filter=counted))
        .order_by("-customers", "id")[:limit]
    )


def _entries(focus):
    labels = dict(FocusState.choices)
    opened = _("Opened: %(count)s customers, more than %(threshold)s") % {
        "count": focus.customers,
        "threshold": focus.threshold,
    }
    steps = focus.steps.select_related("by").order_by("-at", "-id")
    moves = [
        Entry(step.at, labels.get(step.to_state, step.to_state), step.note, step.by, "info") for step in steps
    ]
    return [*moves, Entry(focus.opened_at, opened, tone="warn")]


def focus_file(focus, user) -> dict:
    """What the page of one focus issue shows beside it: reports, the sample's results, history, what may be done."""
    calls = FocusCall.objects.filter(focus=focus, round=focus.round)
    reports = Issue.objects.filter(problem_point=focus.problem_point_id)
    before = (
        FocusIssue.objects.filter(problem_point=focus.problem_point_id, pk__lt=focus.pk)
        .order_by("-id")
        .first()
    )
    if before and before.resolved_at:
        reports = reports.filter(raised_at__gt=before.resolved_at)
    scope = user.scope()
    return {
        "customers_now": reports.aggregate(n=Count("customer_id", distinct=True))["n"],
        "sample": calls.aggregate(
            planned=Count("id"),
            closed=Count("closed_at"),
            happy=Count("id", filter=Q(satisfied=True)),
            unhappy=Count("id", filter=Q(satisfied=False)),
        ),
        "entries": _entries(focus),
        "may_notice": scope.has("lead", "manager") and focus.closed_at is None,
        "may_resolve": focus.state == FocusState.WITH_HEAD
        and (scope.everything or HEAD in levels_of(user, focus.department_id)),
    }
