"""What the telephone system says of the dial in an agent's hands."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from callbacks.models import Attempt, Task
from callbacks.rules.line import STATUSES
from callbacks.states import TaskState
from callcenter.models import Pulse

PULSE = "callbacks.listen_calls"
# The listener gives a sign every ten seconds.
SILENCE = timedelta(seconds=35)


def attempt_of(task) -> Attempt | None:
    """The latest dial of this claim that a telephone system knows of; None for one made by hand."""
    if task.dialled_at is None:
        return None
    rows = Attempt.objects.filter(task=task.pk, token=task.token, asked_at__gte=task.dialled_at)
    return rows.order_by("-id").first()


@dataclass(frozen=True)
class LineState:
    """What the desk shows of a dial. ``state`` is how far the call is by the telephone system: ringing, talk or wrap."""

    state: str
    note: str
    warning: bool = False
    # The result that the line suggests, and whether the same number may be dialled once more.
    suggests: str = ""
    again: bool = False


def line_of(task, *, now) -> LineState | None:
    """The line of a held task; None where no telephone system is at work, so that only the agent's keys count."""
    attempt = attempt_of(task)
    if attempt is None:
        return None
    state = "ringing"
    if task.state == TaskState.WRAP_UP:
        state = "wrap"
    elif attempt.answered_at:
        state = "talk"
    if attempt.status:
        words, result = STATUSES[attempt.status]
        over = attempt.ended_at is not None and not attempt.answered_at
        return LineState(state, _(words), warning=True, suggests=result, again=over and not result)
    if attempt.ended_at is None and not _listened(now):
        note = _(
            "The events of the telephone system are not coming in. Press the keys yourself: answered, hang up."
        )
        return LineState(state, note, warning=True)
    return LineState(state, _note(attempt))


def _note(attempt) -> str:
    if attempt.ended_at:
        return _("The line is closed.")
    if attempt.answered_at:
        return _("The customer has answered.")
    if attempt.ringing_at:
        return _("The customer's phone is ringing.")
    return _("Your phone rings first: pick it up.")


def _listened(now) -> bool:
    return Pulse.objects.filter(name=PULSE, ran_at__gte=now - SILENCE).exists()


def task_in_hand(agent, pk) -> Task | None:
    """The agent's own held task."""
    return Task.objects.held().filter(pk=pk, agent=agent).first()
