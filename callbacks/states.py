"""Task and order states and their legal moves (CB-1, CAM-10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskState(models.TextChoices):
    PLANNED = "planned", _("planned")
    READY = "ready", _("ready")
    CLAIMED = "claimed", _("claimed")
    IN_CALL = "in_call", _("in call")
    WRAP_UP = "wrap_up", _("wrap-up")
    DONE = "done", _("done")
    SUSPENDED = "suspended", _("suspended")
    CANCELLED = "cancelled", _("cancelled")


HELD = (TaskState.CLAIMED, TaskState.IN_CALL, TaskState.WRAP_UP)
OPEN = (TaskState.PLANNED, TaskState.READY, *HELD, TaskState.SUSPENDED)

# Open and in nobody's hands: what a lead may reassign, hold or cancel.
WAITING = (TaskState.PLANNED, TaskState.READY, TaskState.SUSPENDED)

# Channels that agents work; messages go out without them.
BY_PEOPLE = ("phone", "post", "visit")
BY_MESSAGE = ("sms", "email")

# A task nobody holds is done when the customer has answered by message.
# From an agent's hands a task ends, or goes back to the plan (retry, appointment) or the queue (lease over).
# Straight into a call, past the claim, it only comes when its agent takes a result of the last seconds back.
TASK_MOVES = {
    TaskState.PLANNED: {
        TaskState.READY,
        TaskState.IN_CALL,
        TaskState.SUSPENDED,
        TaskState.DONE,
        TaskState.CANCELLED,
    },
    TaskState.READY: {
        TaskState.CLAIMED,
        TaskState.IN_CALL,
        TaskState.PLANNED,
        TaskState.SUSPENDED,
        TaskState.DONE,
        TaskState.CANCELLED,
    },
    # Straight to done only with a result that needs no dial (data found incomplete).
    TaskState.CLAIMED: {
        TaskState.IN_CALL,
        TaskState.READY,
        TaskState.PLANNED,
        TaskState.DONE,
        TaskState.CANCELLED,
    },
    TaskState.IN_CALL: {
        TaskState.WRAP_UP,
        TaskState.READY,
        TaskState.PLANNED,
        TaskState.DONE,
        TaskState.CANCELLED,
    },
    TaskState.WRAP_UP: {TaskState.DONE, TaskState.PLANNED, TaskState.READY, TaskState.CANCELLED},
    TaskState.SUSPENDED: {TaskState.PLANNED, TaskState.CANCELLED},
    TaskState.DONE: {TaskState.IN_CALL},
    TaskState.CANCELLED: set(),
}


class OrderState(models.TextChoices):
    CLAIMED = "claimed", _("claimed by the agent")
    VALID = "valid", _("valid")
    VOID = "void", _("void")
    CANCELLED = "cancelled", _("cancelled")


ORDER_MOVES = {
    OrderState.CLAIMED: {OrderState.VALID, OrderState.VOID, OrderState.CANCELLED},
    OrderState.VALID: {OrderState.VOID, OrderState.CANCELLED},
    OrderState.VOID: {OrderState.VALID, OrderState.CANCELLED},
    OrderState.CANCELLED: set(),
}
