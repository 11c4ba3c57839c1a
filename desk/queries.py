"""Everything one screen of the desk shows, in a fixed number of queries."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from callbacks.models import Call, Draft, Task
from callbacks.queries import queue_status
from callbacks.states import HELD, TaskState
from callcenter.texts import localized
from callcenter.workdays import local_day
from campaigns.queries import offered_dispositions, questionnaire_for, rendered_script
from complaints.models import DepartmentAnswer, Issue, ProblemPoint, SecondContact
from customers.models import Customer
from customers.rules.phones import mask
from surveys.queries import form_of

DEFAULT_TARGET = 80
HISTORY = 8
RESULT_KEYS = "123456789"


@dataclass
class Screen:
    """One state of the desk, ready to be rendered. ``state``: idle, preview, ringing, talk or wrap."""

    state: str
    today: dict
    asked: bool = False
    status: object = None
    task: Task | None = None
    customer: Customer | None = None
    salutation: str = ""
    phones: list = field(default_factory=list)
    phone_id: int | None = None
    facts: list = field(default_factory=list)
    attempt: int = 1
    opening: str = ""
    closing: str = ""
    apology: str = ""
    statements: list = field(default_factory=list)
    items: list = field(default_factory=list)
    ring_results: list = field(default_factory=list)
    wrap_results: list = field(default_factory=list)
    suggested: str = ""
    draft: dict = field(default_factory=dict)
    clock_label: str = ""
    clock_since: datetime | None = None
    dial_number: str = ""
    just_dialled: bool = False
    history: list = field(default_factory=list)
    issues: list = field(default_factory=list)
    points: list = field(default_factory=list)
    urgencies: list = field(default_factory=list)
    appointments: list = field(default_factory=list)
    second_contact: SecondContact | None = None
    department_answers: list = field(default_factory=list)
    client_uuid: uuid.UUID = field(default_factory=uuid.uuid4)
    issue_uuid: uuid.UUID = field(default_factory=uuid.uuid4)


def build_screen(*, agent, now, asked=False, just_dialled=False) -> Screen:
    """The screen of the task the agent holds, or the idle screen with the reason why there is none (CB-2)."""
    task = (
        Task.objects.filter(agent=agent, state__in=HELD)
        .select_related(
            "campaign__client",
            "campaign__questionnaire",
            "campaign__script",
            "customer__region",
            "customer__client",
            "queue__team",
        )
        .prefetch_related("customer__phones")
        .order_by("-claimed_at", "id")
        .first()
    )
    if task is None:
        status = queue_status(agent=agent, now=now) if asked else None
        return Screen("idle", _today(agent, None, now), asked=asked, status=status)
    draft = Draft.objects.filter(task=task).values_list("content", flat=True).first() or {}
    state = _state(task, draft)
    screen = Screen(state, _today(agent, task.campaign, now), task=task, customer=task.customer, draft=draft)
    screen.attempt = min(task.attempts + 1, task.campaign.max_attempts)
    screen.just_dialled = just_dialled
    screen.facts = [(name, value) for name, value in list(task.customer.custom.items())[:5] if value]
    _add_phones(screen)
    _add_clock(screen)
    _add_script(screen, agent)
    _add_history(screen)
    _add_results(screen)
    if state in ("talk", "wrap"):
        _add_form(screen, now)
    return screen


def _state(task, draft):
    if task.state == TaskState.CLAIMED:
        return "preview"
    if task.state == TaskState.WRAP_UP:
        return "wrap"
    return "talk" if draft.get("answered_at") else "ringing"


def _today(agent, campaign, now):
    """The agent's day so far against the campaign's target (CB-11)."""
    day = local_day(now, settings.TIME_ZONE)
    counts = (
        Call.objects.counted()
        .filter(agent=agent, local_day=day)
        .aggregate(
            calls=Count("id"),
            connected=Count("id", filter=Q(disposition__connected=True)),
            completed=Count("id", filter=Q(disposition__completed=True)),
        )
    )
    return counts | {"target": (campaign.daily_target if campaign else DEFAULT_TARGET) or DEFAULT_TARGET}


def _add_phones(screen):
    phones = sorted(screen.customer.phones.all(), key=lambda phone: (not phone.preferred, phone.pk))
    dialled = [phone.pk for phone in phones if phone.number == screen.task.dialled_number]
    screen.phones = [
        {
            "pk": phone.pk,
            "masked": mask(phone.number),
            "kind": phone.get_kind_display(),
            "state": phone.get_state_display(),
            "usable": phone.state == phone.State.VALID,
        }
        for phone in phones
    ]
    usable = [phone["pk"] for phone in screen.phones if phone["usable"]]
    screen.phone_id = next(iter(dialled or usable), None)
    screen.dial_number = screen.task.dialled_number
    if not usable:
        screen.phones = []


def _add_clock(screen):
    task, answered = screen.task, screen.draft.get("answered_at")
    screen.clock_label, screen.clock_since = {
        "preview": (_("Preview"), task.claimed_at),
        "ringing": (_("Ringing"), task.dialled_at),
        "talk": (_("Call"), datetime.fromisoformat(answered) if answered else None),
        "wrap": (_("Wrap-up"), task.hung_up_at),
    }[screen.state]


def _add_script(screen, agent):
    rendered = rendered_script(campaign=screen.task.campaign, customer=screen.customer, agent=agent)
    screen.salutation = rendered.salutation
    screen.opening, screen.closing, screen.apology = rendered.opening, rendered.closing, rendered.apology
    screen.statements = rendered.statements


def _add_history(screen):
    calls = Call.objects.counted().filter(customer=screen.customer).select_related("disposition")
    screen.history = list(calls.order_by("-started_at", "-id")[:HISTORY])
    issues = Issue.objects.filter(customer=screen.customer).unsolved().select_related("problem_point")
    screen.issues = list(issues.order_by("deadline", "id")[:HISTORY])
    if screen.task.kind == Task.Kind.SECOND_CONTACT:
        screen.second_contact = (
            SecondContact.objects.filter(task=screen.task).select_related("issue__problem_point").first()
        )
    if screen.second_contact:
        answers = DepartmentAnswer.objects.filter(issue=screen.second_contact.issue)
        screen.department_answers = list(answers.order_by("-at", "-id")[:3])


def _add_results(screen):
    if screen.state in ("preview", "talk"):
        return
    offered = offered_dispositions(screen.task.campaign)
    screen.ring_results = sorted((row for row in offered if row.ring_key), key=lambda row: row.ring_key)
    screen.wrap_results = [row for row in offered if row.connected]
    screen.suggested = screen.draft.get("disposition") or _suggest(screen)


def _suggest(screen):
    """The result that what was typed speaks for; the agent's digit changes it."""
    if screen.draft.get("appointment_at") or screen.draft.get("appointment_other"):
        return "APPT"
    if not screen.draft.get("answers"):
        return ""
    return "DONE_ISSUE" if screen.draft.get("issue_text") else "DONE"


def _add_form(screen, now):
    version = questionnaire_for(screen.task.campaign, screen.customer.pk)
    given = screen.draft.get("answers", {})
    screen.items = [_shown(item, given) for item in form_of(version)] if version else []
    screen.points = list(ProblemPoint.objects.filter(active=True).order_by("id")[:20])
    screen.urgencies = Issue.Urgency.choices
    screen.appointments = _appointments(now)
    if screen.state == "wrap" and screen.suggested == "DONE" and screen.wrap_results:
        sale = next((item for item in screen.items if item["purpose"] == "sale" and item["value"]), None)
        if sale:
            screen.suggested = "SALE" if sale["value"] in (["yes"], "yes") else "NOSALE"


def _shown(item, given):
    """One question with what the draft holds, its options numbered for the keys."""
    value = given.get(str(item.id), "")
    chosen = value if isinstance(value, list) else [value]
    options = [
        {
            "value": option.value,
            "text": localized(option.text),
            "key": option.key,
            "chosen": option.value in chosen,
        }
        for option in item.options
    ]
    return {
        "id": item.id,
        "kind": item.kind,
        "text": localized(item.text),
        "required": item.required,
        "depends_on": item.depends_on,
        "when_values": item.when_values,
        "purpose": item.purpose,
        "options": options,
        "value": value,
        "refused": str(item.id) in given and given[str(item.id)] is None,
    }


def _appointments(now):
    """Three times one digit away: tomorrow at this hour, in two hours, tomorrow morning; in the site's zone."""
    here = timezone.localtime(now).replace(second=0, microsecond=0)
    choices = (
        (_("tomorrow, same time"), here + timedelta(days=1)),
        (_("in two hours"), here + timedelta(hours=2)),
        (_("tomorrow morning"), (here + timedelta(days=1)).replace(hour=9, minute=30)),
    )
    return [
        {
            "value": at.strftime("%Y-%m-%d %H:%M"),
            "label": f"{label} · {date_format(at, 'SHORT_DATETIME_FORMAT')}",
        }
        for label, at in choices
    ]
