"""How many days and agents a campaign needs, and how it keeps to the plan (SPEC CAM-9; domain.md section 1, rule 1)."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

DIALS_PER_DAY: Final = 200
CONNECTED_PER_COMPLETE: Final = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted and expected. ``connect_rate`` is a share above 0 up to 1, the counts are per agent and working day.

    ``connected_per_complete`` is how many connected calls one valid questionnaire takes.
    """

    completes: int
    connect_rate: Fraction
    agents: int
    days: int
    dials_per_day: int = DIALS_PER_DAY
    connected_per_complete: Fraction = Fraction(CONNECTED_PER_COMPLETE)

    def __post_init__(self) -> None:
        if not 0 < self.connect_rate <= 1:
            raise ValueError("The connect rate must lie above 0 and not above 1.")
        if (
            min(self.completes, self.agents, self.days, self.dials_per_day) < 1
            or self.connected_per_complete < 1
        ):
            raise ValueError("Everything that is counted must be at least 1.")

    @property
    def dials_per_complete(self) -> Fraction:
        """Dials that one valid questionnaire takes."""
        return self.connected_per_complete / self.connect_rate


@dataclass(frozen=True, slots=True)
class Need:
    """What the plan takes: dials in all, working days with its agents, agents for its days, completes per agent and day."""

    dials: int
    days: int
    agents: int
    completes_per_agent_day: Fraction


def need(plan: Plan) -> Need:
    """Days and agents needed, rounded up to whole ones."""
    dials = math.ceil(plan.completes * plan.dials_per_complete)
    return Need(
        dials=dials,
        days=math.ceil(Fraction(dials, plan.agents * plan.dials_per_day)),
        agents=math.ceil(Fraction(dials, plan.days * plan.dials_per_day)),
        completes_per_agent_day=plan.dials_per_day / plan.dials_per_complete,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How it goes after ``days`` working days: what was to be done by now, and what is still to come.

    ``dials_per_complete`` and ``days_left`` are None while nothing was completed; ``days_left`` at the pace so far.
    """

    expected: int
    dials_per_complete: Fraction | None
    days_left: int | None
    agents_needed: int | None


def progress(plan: Plan, *, completed: int, dials: int, days: int) -> Progress:
    """The plan against what was done in ``days`` whole working days.

    ``agents_needed`` finishes what is left in the days left of the plan, at the dials per complete seen; None when no day or
    no experience is left.
    """
    left = max(0, plan.completes - completed)
    expected = min(plan.completes, math.floor(days * plan.agents * need(plan).completes_per_agent_day))
    seen = Fraction(dials, completed) if completed else None
    pace = Fraction(completed, days) if completed and days else None
    rest = plan.days - days
    return Progress(
        expected=expected,
        dials_per_complete=seen,
        days_left=None if pace is None else math.ceil(left / pace),
        agents_needed=None
        if seen is None or rest < 1
        else math.ceil(left * seen / (rest * plan.dials_per_day)),
    )
