"""What a board shows, as plain values that are the same for every viewer; words are chosen when they are shown."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import pgettext_lazy

from callbacks.models import Task
from callbacks.queries.queues import QueueStatus
from people.states import ActivityKind, BreakState
from reports.rules.floor import THRESHOLDS, Direction
from reports.rules.metrics import BY_CODE

DEFAULT_TARGET = 80
LABELS = {
    **dict(ActivityKind.choices),
    "lost": pgettext_lazy("activity", "connection lost"),
    "out": pgettext_lazy("activity", "signed out"),
}
ICONS = {
    "wait": "hourglass",
    "prepare": "eye",
    "talk": "phone-call",
    "after_call": "edit",
    "break": "coffee",
    "meal": "coffee",
    "meeting": "users",
    "training": "school",
    "coaching": "user-check",
    "system": "alert-circle",
    "other": "dots",
    "paperwork": "file-text",
    "away": "user-question",
    "lost": "user-off",
    "out": "logout",
}


@dataclass(frozen=True)
class Tile:
    """A figure of today with its target and the same time yesterday."""

    code: str
    value: object
    target: object = None
    against: Direction | None = None
    before: object = None

    @property
    def metric(self):
        return BY_CODE[self.code]


@dataclass(frozen=True)
class AgentRow:
    """One agent on the board: ``state`` is an activity's kind, "lost" or "out"; ``since`` when it began."""

    pk: int
    name: str
    state: str
    since: datetime | None
    tone: str = ""
    silent: bool = False
    activity_id: int | None = None
    on_break: bool = False
    recalled: bool = False
    limit_at: datetime | None = None
    rest_left: int | None = None
    work: str = ""
    completed: int = 0
    target: int = DEFAULT_TARGET
    dials: int = 0
    connected: int = 0
    handle_seconds: float = 0
    review: tuple | None = None
    request_id: int | None = None
    request_kind: str = ""
    request_state: str = ""
    request_obstacle: str = ""
    asked_at: datetime | None = None
    place: int = 3

    @property
    def label(self):
        return LABELS[self.state]

    @property
    def icon(self):
        return ICONS[self.state]

    @property
    def thresholds(self):
        """Seconds from which on the state is amber and red."""
        return THRESHOLDS.get(self.state, (None, None))

    @property
    def work_label(self):
        return Task.Kind(self.work).label if self.work else ""

    @property
    def request_label(self):
        return LABELS[self.request_kind]

    @property
    def may_decide(self):
        """Whether the lead's word is still wanted for the break asked for."""
        return self.request_state in (BreakState.AFTER_CALL, BreakState.WAITING)

    @property
    def connect_rate(self):
        return self.connected / self.dials if self.dials else None

    @property
    def average_handle(self):
        return self.handle_seconds / self.dials if self.dials else None


@dataclass(frozen=True)
class Snapshot:
    """Everything a board of the team shows at ``built_at``; the same for every viewer."""

    team_id: int
    built_at: datetime
    day: date
    agents: list[AgentRow] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    target: int = 0
    status: QueueStatus = field(default_factory=QueueStatus)
    due_today: int = 0
    urgent: list[tuple] = field(default_factory=list)
    urgent_count: int = 0
    overdue_issues: int = 0
    last_urgent_at: datetime | None = None
    hours: list[tuple] = field(default_factory=list)

    @property
    def states(self) -> list[tuple]:
        """(state, its name, icon, how many agents, since when the first of them), in the order of the working day."""
        order = [*ActivityKind.values, "lost", "out"]
        found = {}
        for row in self.agents:
            count, since = found.get(row.state, (0, None))
            first = min(filter(None, (since, row.since)), default=None)
            found[row.state] = (count + 1, first)
        return [(state, LABELS[state], ICONS[state], *found[state]) for state in order if state in found]

    @property
    def completed(self):
        return self.tiles[0].value if self.tiles else 0

    @property
    def signed_in(self) -> int:
        return sum(row.state not in ("lost", "out") for row in self.agents)

    @property
    def bars(self) -> list[dict]:
        """The hours as pairs of bars in a drawing 100 high; each hour is 40 wide."""
        most = max((max(planned, done) for _hour, planned, done in self.hours), default=0) or 1
        return [
            {
                "hour": hour,
                "planned": planned,
                "done": done,
                "x": 40 * place,
                "planned_height": round(100 * planned / most),
                "done_height": round(100 * done / most),
                "planned_y": 100 - round(100 * planned / most),
                "done_y": 100 - round(100 * done / most),
            }
            for place, (hour, planned, done) in enumerate(self.hours)
        ]

    @property
    def chart_width(self) -> int:
        return max(40 * len(self.hours), 40)
