"""What surrounds a task and hardly ever changes: its campaign, client, team and texts, kept for some seconds.

One statement that joined all of it would cost the planner more than everything else the desk does (performance 3).
"""

from callbacks.models import Queue, Task
from callcenter.kept import kept
from campaigns.models import ScriptVersion
from surveys.models import QuestionnaireVersion


@kept
def queue_at_hand(queue_id: int) -> Queue:
    """A queue with its team and its campaign, and of that the client, the variants, and the texts in force."""
    rows = Queue.objects.select_related(
        "team", "campaign__client", "campaign__script", "campaign__questionnaire"
    )
    return rows.prefetch_related("campaign__variants__version__questionnaire").get(pk=queue_id)


@kept
def script_at_hand(version_id: int) -> ScriptVersion:
    """A version of a script; it is frozen from its approval on (CAM-5)."""
    return ScriptVersion.objects.get(pk=version_id)


@kept
def questionnaire_at_hand(version_id: int) -> QuestionnaireVersion:
    """A version of a questionnaire; it is frozen from its first use on (CAM-7)."""
    return QuestionnaireVersion.objects.get(pk=version_id)


def with_texts(task: Task) -> Task:
    """The same task with its queue, campaign and the texts it was begun with from what is kept.

    Whether the campaign runs is not to be read from here.
    """
    task.queue = queue_at_hand(task.queue_id)
    task.campaign = task.queue.campaign
    if task.script_id:
        task.script = script_at_hand(task.script_id)
    if task.questionnaire_id:
        task.questionnaire = questionnaire_at_hand(task.questionnaire_id)
    return task
