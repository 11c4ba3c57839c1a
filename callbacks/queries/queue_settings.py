"""A task just claimed, with the campaign, client and team of its queue, which hardly ever change.

Each process keeps the queues it hands out from for ``REFERENCE_SECONDS`` (a setting), as ``customers.queries.reference`` keeps
the calling hours: a claim then joins two tables instead of eight. Whether the campaign runs is not read here; the claim
itself asks that each time.
"""

import time

from django.conf import settings

from callbacks.models import Queue, Task

_kept: dict[int, tuple[float, Queue]] = {}


def at_hand(task_id) -> Task:
    """The task with its customer by one query, its queue, campaign and client from what is kept."""
    task = Task.objects.select_related("customer").get(pk=task_id)
    task.queue = _queue(task.queue_id)
    task.campaign = task.queue.campaign
    return task


def _queue(queue_id) -> Queue:
    moment = time.monotonic()
    read_at, queue = _kept.get(queue_id, (moment - settings.REFERENCE_SECONDS, None))
    if queue is None or moment - read_at >= settings.REFERENCE_SECONDS:
        queue = Queue.objects.select_related("campaign__client", "team").get(pk=queue_id)
        _kept[queue_id] = (moment, queue)
    return queue
