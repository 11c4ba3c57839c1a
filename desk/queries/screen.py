"""Everything one screen of the desk shows, in a fixed number of queries."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from callbacks.models import Call, Task
from callbacks.queries import script_of
from callbacks.queries.at_hand import with_texts
from callbacks.rules.undo import UNDO_SECONDS
from callbacks.states import HELD, TaskState
from callcenter.workdays import local_day
from campaigns.models import Campaign
from campaigns.queries import offered_dispositions, rendered_script, shown_name_of
from campaigns.rules.outline import CHECK
from complaints.models import SecondContact
from customers.models import Customer
from desk.queries.customer import add_consents, add_history, add_message_channels, add_occasion, add_phones
from desk.queries.line import add_line
from desk.queries.rest import UNCODED, add_rest
from desk.queries.talk import add_form, suggestion
from desk.rules.keys import keys_of
from desk.states import USUAL_KEYS
from people.queries.activity import running_of
from people.states import ActivityKind

DEFAULT_TARGET = 80
RING_SECONDS = 30
WRAP_UP_SECONDS = (30, 60)
LAST_SECONDS = 15
WAIT_SECONDS = 60


@dataclass
class Clock:
    """A running time since ``since``; from ``near`` seconds on amber with its text, from ``over`` on red."""

    label: str
    since: datetime | None
    near: int | None = None
    near_text: str = ""
    over: int | None = None
    over_text: str = ""


@dataclass
class Screen:
    """One state of the desk, ready to be rendered. ``state``: idle, recover, preview, ringing, talk or wrap."""

    state: str
    today: dict
    keys: dict
    asked: bool = False
    saved: str = ""
    undo: str = ""
    undo_seconds: int = UNDO_SECONDS
    closing_time: bool = False
    closing_due: bool = False
    ahead: list = field(default_factory=list)
    uncoded: Call | None = None
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
    on_the_line: list = field(default_factory=list)
    statements: list = field(default_factory=list)
    steps: tuple = ()
    items: list = field(default_factory=list)
    ring_results: list = field(default_factory=list)
    wrap_results: list = field(default_factory=list)
    more_results: list = field(default_factory=list)
    appointment_code: str = ""
    refusal_code: str = ""
    suggested: str = ""
    draft: dict = field(default_factory=dict)
    clock: Clock | None = None
    dial_number: str = ""
    dial_link: str = ""
    line: object = None
    just_dialled: bool = False
    history: list = field(default_factory=list)
    issues: list = field(default_factory=list)
    consents: list = field(default_factory=list)
    message_channels: list = field(default_factory=list)
    focus_issues: list = field(default_factory=list)
    points: list = field(default_factory=list)
    urgencies: list = field(default_factory=list)
    appointments: list = field(default_factory=list)
    second_contact: SecondContact | None = None
    asks_outcome: bool = False
    department_answers: list = field(default_factory=list)
    complaint: object = None
    trial: object = None
    said: list = field(default_factory=list)
    client_uuid: uuid.UUID = field(default_factory=uuid.uuid4)
    issue_uuid: uuid.UUID = field(default_factory=uuid.uuid4)


def build_screen(*, agent, now, asked=False, just_dialled=False, saved="", undo="") -> Screen:
    """The screen of the task the agent holds, or the idle screen with the reason why there is none (CB-2).

    ``saved`` names the result that was saved a moment ago, for the line that says so; ``undo`` is the UUID it was saved
    with, where it can be taken back for some seconds. An agent with nothing in hand is first asked for the result of a call
    that a crash has left without one.
    """
    task = (
        Task.objects.filter(agent=agent, state__in=HELD)
        .select_related("customer__region", "customer__client", "draft")
        .order_by("-claimed_at", "id")
        .first()
    )
    keys = keys_of({command.value: key for command, key in USUAL_KEYS.items()}, agent.desk_keys)
    if task is None:
        screen = Screen("idle", _today(agent, None, now), keys, asked=asked, saved=saved, undo=undo)
        screen.clock = _waiting(agent)
        add_rest(screen, agent, now)
        return screen
    with_texts(task)
    draft = task.draft.content if hasattr(task, "draft") and task.draft.token == task.token else {}
    state = _state(task, draft)
    screen = Screen(
        state, _today(agent, task.campaign, now), keys, task=task, customer=task.customer, draft=draft
    )
    screen.saved, screen.undo, screen.just_dialled = saved, undo, just_dialled
    screen.attempt = min(task.attempts + 1, task.campaign.max_attempts)
    screen.facts = [(name, value) for name, value in list(task.customer.custom.items())[:5] if value]
    screen.clock = _clock(state, task, draft)
    add_phones(screen, now)
    add_line(screen, agent, now)
    _add_script(screen, agent, now)
    add_history(screen)
    add_occasion(screen)
    if state in ("talk", "wrap"):
        add_form(screen, now)
        add_message_channels(screen, now)
    if state != "preview":
        add_consents(screen)
        add_results(screen, task.campaign)
    return screen


def wrap_up_of(task_id) -> tuple[str, int | None]:
    """The mode of the campaign's wrap-up, and its seconds where it is timed (CAM-1)."""
    columns = ("campaign__wrap_up_mode", "campaign__wrap_up_seconds")
    mode, seconds = Task.objects.filter(pk=task_id).values_list(*columns).get()
    return mode, allowed_seconds(mode, seconds)


def allowed_seconds(mode, seconds) -> int | None:
    """How long a timed wrap-up may take; None for the others. When it is over nothing is invented: the lead is told."""
    return seconds if mode == Campaign.WrapUp.TIMED else None


def needs_no_wrap_up(*, mode, agent, content, now) -> str:
    """The code of the result to save with the hang-up, where the campaign makes the wrap-up optional and nothing is open.

    "" where the agent has to choose, has typed a note, or the campaign forces a wrap-up.
    """
    if mode != Campaign.WrapUp.OPTIONAL or content.get("note"):
        return ""
    screen = build_screen(agent=agent, now=now)
    return screen.suggested if screen.state == "wrap" and not screen.asks_outcome else ""


def answered_at(task, draft) -> datetime | None:
    """When the customer answered this dial; what an earlier dial of the task left in the draft does not count."""
    if task.answered_at:
        return task.answered_at
    at = datetime.fromisoformat(draft["answered_at"]) if draft.get("answered_at") else None
    return at if at and task.dialled_at and at >= task.dialled_at else None


def _state(task, draft):
    if task.state == TaskState.CLAIMED:
        return "preview"
    if task.state == TaskState.WRAP_UP:
        return "wrap"
    return "talk" if answered_at(task, draft) else "ringing"


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
            uncoded=Count("id", filter=Q(disposition__code=UNCODED)),
        )
    )
    return counts | {"target": (campaign.daily_target if campaign else DEFAULT_TARGET) or DEFAULT_TARGET}


def _clock(state, task, draft) -> Clock:
    """The clock of the state with its thresholds (CB-6: the length of a call is a guide, never enforced)."""
    if state == "preview":
        return Clock(_("Preview"), task.claimed_at)
    if state == "ringing":
        return Clock(_("Ringing"), task.dialled_at, RING_SECONDS, _("rings for long: no answer?"))
    if state == "wrap":
        over = allowed_seconds(task.campaign.wrap_up_mode, task.campaign.wrap_up_seconds)
        near, over = (max(over - LAST_SECONDS, 0), over) if over else WRAP_UP_SECONDS
        text = _("finish the wrap-up")
        return Clock(_("Wrap-up"), task.hung_up_at, near, text, over, _("wrap-up takes too long"))
    guide = task.campaign.guide_seconds
    near = max(guide - LAST_SECONDS, 0)
    left = _("%(seconds)d seconds left") % {"seconds": guide - near}
    return Clock(_("Call"), answered_at(task, draft), near, left, guide, _("over the guide"))


def _waiting(agent) -> Clock | None:
    """How long the agent has been waiting for work; the lead sees the same on the board (ORG-5)."""
    running = running_of(agent)
    if running is None or running.kind != ActivityKind.WAIT:
        return None
    return Clock(_("Waiting"), running.started_at, WAIT_SECONDS, _("waiting for long"))


def _add_script(screen, agent, now):
    rendered = rendered_script(
        campaign=screen.task.campaign,
        version=script_of(screen.task),
        customer=screen.customer,
        agent=agent,
        now=now,
    )
    screen.salutation = shown_name_of(screen.customer)
    screen.opening, screen.closing, screen.apology = rendered.opening, rendered.closing, rendered.apology
    screen.statements = rendered.statements
    # The mandatory lines have their own place, where they are ticked.
    screen.steps = tuple(step for step in rendered.steps if step.kind != CHECK)


def add_results(screen, campaign):
    """The results of this moment: those with a key first, the rarer ones apart; and the codes the commands use."""
    offered = offered_dispositions(campaign)
    if screen.trial:
        # A call that asks for a confirmation sells nothing.
        offered = [row for row in offered if not row.sold]
    if screen.state == "ringing":
        screen.ring_results = sorted((row for row in offered if row.ring_key), key=lambda row: row.ring_key)
        screen.more_results = [row for row in offered if not row.ring_key and not row.connected]
        return
    connected = [row for row in offered if row.connected]
    screen.wrap_results = sorted((row for row in connected if row.wrap_key), key=lambda row: row.wrap_key)
    screen.more_results = [row for row in connected if not row.wrap_key]
    screen.appointment_code = next((row.code for row in connected if row.appointment), "")
    refusals = (row.code for row in connected if row.do_not_call and row.refused)
    screen.refusal_code = next(refusals, "")
    wanted = screen.draft.get("disposition") or suggestion(screen)
    screen.suggested = wanted if any(row.code == wanted for row in connected) else ""
