"""Segments by open issues: the condition kind this app brings to ``customers`` (CUS-5)."""

from django.db.models import Exists, OuterRef, Q

from complaints.models import Issue
from complaints.rules.segments import OPEN_ISSUE
from customers.queries.segments import Kind, register


def _issue(values, run):
    """A person counts by the issues in the person's own scope; another team's are none of the answer."""
    issues = Issue.objects.unsolved().filter(customer=OuterRef("pk"))
    if run.user is not None:
        issues = issues.visible_to(run.user)
    if values["category"] != "any":
        issues = issues.filter(problem_point__category=values["category"])
    there = Q(Exists(issues))
    return there if values["op"] == "open" else ~there


def register_kinds() -> None:
    """Offer the kind; called when the app is ready."""
    register(Kind(OPEN_ISSUE, _issue))
