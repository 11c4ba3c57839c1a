"""With which texts a task is talked about, and which of the mandatory ones were said (CAM-5, CAM-7, QA-3)."""

from dataclasses import dataclass
from datetime import datetime

from callbacks.models import Call, SaidStatement, Task
from callcenter.texts import localized
from campaigns.models import ScriptVersion
from campaigns.queries import questionnaire_for


def script_of(task) -> ScriptVersion | None:
    """The script version of a task: the one it was first dialled with, else the campaign's current one."""
    return task.script if task.script_id else task.campaign.script


def questionnaire_of(task):
    """The questionnaire version of a task: the one it was first dialled with, else what its customer is asked now.

    None where the confirmation of a trial is asked: its questions are its own (CAM-10).
    """
    if task.kind == Task.Kind.CONFIRMATION:
        return None
    return task.questionnaire if task.questionnaire_id else questionnaire_for(task.campaign, task.customer_id)


def pinned(task) -> dict:
    """The columns that keep a task's texts from its first dial on; none once they are set."""
    if task.script_id or task.questionnaire_id:
        return {}
    version = questionnaire_of(task)
    return {"script_id": task.campaign.script_id, "questionnaire_id": version.pk if version else None}


@dataclass(frozen=True)
class Line:
    """One mandatory statement of a call; ``said_at`` None means that it was not ticked."""

    text: str
    code: str
    said_at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """What had to be said in a call and what was: every statement of the version, in its order."""

    version: ScriptVersion
    lines: tuple[Line, ...]

    @property
    def missing(self) -> int:
        return sum(line.said_at is None for line in self.lines)


def said_in(call: Call) -> Said | None:
    """The mandatory statements of the script a call was made with; None where nothing is on record. Two queries at most.

    A call in which nothing was ticked is judged by the version its task was dialled with.
    """
    rows = list(
        SaidStatement.objects.filter(call=call).select_related("version__script").order_by("position", "id")
    )
    version = rows[0].version if rows else _dialled_with(call)
    if version is None or not version.statements:
        return None
    at = {row.position: row.said_at for row in rows}
    lines = tuple(
        Line(localized(one["text"]), str(one.get("code", "")), at.get(place))
        for place, one in enumerate(version.statements, start=1)
    )
    return Said(version, lines)


def _dialled_with(call):
    if call.task_id is None or not call.disposition.connected:
        return None
    task = Task.objects.filter(pk=call.task_id).select_related("script__script").first()
    return task.script if task else None
