"""The data of the chaos test: promised second contacts, and the audit of what became of them.

Run as a program in the database named by DATABASE_URL: ``seed COUNT SECONDS`` writes the promises, ``audit`` prints what
is true of them as JSON. A process of its own, so that the test's own settings do not matter.
"""

import json
import sys
import uuid
from datetime import timedelta

import django

django.setup()

from django.db.models import Count, F  # noqa: E402
from django.utils import timezone  # noqa: E402

from callbacks.models import Task, TaskStep  # noqa: E402
from callcenter.models import StuckRow  # noqa: E402
from complaints.models import Issue, SecondContact, SecondContactStep  # noqa: E402
from complaints.tests.make import make_floor, make_issue  # noqa: E402
from customers.models import Customer  # noqa: E402

LATER = 20  # every twentieth promise is for another day and must not be touched
RAISED = 20  # so many are written by the action itself, the rest by copies of its rows


def seed(count, seconds):
    """Write ``count`` promises due between a minute ago and ``seconds`` from now, and some for another day."""
    now, floor = timezone.now(), make_floor()
    floor.point.focus_threshold = 32_000
    floor.point.save()
    yesterday = now - timedelta(days=1)
    for _number in range(RAISED):
        make_issue(floor, now=yesterday)
    model = Issue.objects.order_by("id").first()
    customers = Customer.objects.bulk_create(
        Customer(
            client=floor.client,
            unit=floor.team.unit,
            team=floor.team,
            external_id=f"chaos{number}",
            name=f"客户{number}",
            created_at=now,
            updated_at=now,
        )
        for number in range(count - RAISED)
    )
    copied = (
        "campaign_id", "team_id", "problem_point_id", "origin", "urgency", "major", "state", "department_id",
        "description", "raised_by_id", "raised_at", "sent_at", "deadline", "level", "level_due_at", "warn_at",
    )  # fmt: skip
    values = {name: getattr(model, name) for name in copied}
    issues = Issue.objects.bulk_create(
        [Issue(customer=customer, client_uuid=uuid.uuid4(), **values) for customer in customers],
        batch_size=1000,
    )
    SecondContact.objects.bulk_create(
        [
            SecondContact(
                issue=issue, sequence=1, due_at=now, deadline=now, state="waiting", created_at=yesterday
            )
            for issue in issues
        ],
        batch_size=1000,
    )
    contacts = list(SecondContact.objects.order_by("id"))
    for number, contact in enumerate(contacts):
        after = timedelta(seconds=-60 + (60 + seconds) * number / len(contacts))
        contact.due_at = now + (timedelta(days=2) if number % LATER == LATER - 1 else after)
        contact.deadline = contact.due_at + timedelta(hours=15)
    SecondContact.objects.bulk_update(contacts, ["due_at", "deadline"], batch_size=1000)
    return {
        "promised": len(contacts),
        "due": sum(contact.due_at < now + timedelta(days=1) for contact in contacts),
    }


def audit():
    """Counts of everything that must be zero, and of what was done."""
    now = timezone.now()
    due = SecondContact.objects.filter(due_at__lte=now)
    planned = SecondContactStep.objects.filter(to_state="planned")
    tasks = Task.objects.filter(source__startswith="second:")
    twice = {"n__gt": 1}
    return {
        "done": due.filter(state="planned", task__isnull=False).count(),
        "lost": due.exclude(state="planned", task__isnull=False).count()
        + tasks.filter(second_contact=None).count(),
        "duplicated": tasks.count()
        - tasks.values("source").distinct().count()
        + tasks.values("customer").annotate(n=Count("id")).filter(**twice).count()
        + planned.values("case").annotate(n=Count("id")).filter(**twice).count()
        + TaskStep.objects.filter(from_state="")
        .values("case")
        .annotate(n=Count("id"))
        .filter(**twice)
        .count(),
        "early": planned.filter(at__lt=F("case__due_at")).count()
        + tasks.filter(created_at__lt=F("due_at")).count()
        + SecondContact.objects.filter(due_at__gt=now).exclude(state="waiting", task=None).count(),
        "half_done": due.filter(state="planned").exclude(issue__state="second_contact").count(),
        "stuck": StuckRow.objects.count(),
    }


if __name__ == "__main__":
    command, *numbers = sys.argv[1:]
    result = seed(*map(int, numbers)) if command == "seed" else audit()
    sys.stdout.write(json.dumps(result))
