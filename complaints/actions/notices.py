"""Who hears of an issue: the contact of the level, the team's leads, the managers above them."""

from django.urls import reverse

from callcenter.models import Notification
from callcenter.notify import notify
from complaints.queries.people import managers_of
from people.queries import leads_of


def tell(recipients, issue, text, *, key, now, level=Notification.Level.INFO, **params):
    """Put one line about the issue in each recipient's bell, once per ``key``; None among them is nobody."""
    people = {user.pk: user for user in recipients if user}
    notify(
        people.values(),
        text,
        key=f"issue:{issue.pk}:{key}",
        now=now,
        url=reverse("complaints:issue", args=[issue.pk]),
        level=level,
        number=str(issue),
        point=str(issue.problem_point),
        **params,
    )


def leads(issue) -> list:
    """The leads of the issue's team."""
    return list(leads_of(issue.team)) if issue.team_id else []


def leads_and_managers(issue) -> list:
    """The leads of the issue's team and the operations managers above it."""
    return [*leads(issue), *managers_of(issue.team)] if issue.team_id else []
