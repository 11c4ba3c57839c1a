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

# What the desk hands out; letters and visits have a list of their own, messages go out without anybody.
AT_DESK = ("phone",)
BY_HAND = ("post", "visit")
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
    IN_TRIAL = "in_trial", _("in trial")
    EXTENDED = "extended", _("trial extended")
    CONFIRMED_ONCE = "confirmed1", _("confirmed once")
    CONFIRMED_TWICE = "confirmed2", _("confirmed twice")
    BILLING = "billing", _("being billed")
    VALID = "valid", _("valid")
    VOID = "void", _("void")
    CANCELLED = "cancelled", _("cancelled")


# A trial that still lacks a confirmation; one that runs; one that has been or may yet be billed.
UNCONFIRMED = (OrderState.IN_TRIAL, OrderState.EXTENDED, OrderState.CONFIRMED_ONCE)
TRIAL_RUNS = (*UNCONFIRMED, OrderState.CONFIRMED_TWICE)
CONFIRMED = (OrderState.CONFIRMED_TWICE, OrderState.BILLING)

# Billing has one way in, through both confirmations. A trial that was extended after the first one keeps it.
# A trial never becomes "valid", nor does a void one start again: a corrective call is a new sale with a new trial (QA-3).
ORDER_MOVES = {
    OrderState.CLAIMED: {OrderState.IN_TRIAL, OrderState.VALID, OrderState.VOID, OrderState.CANCELLED},
    OrderState.IN_TRIAL: {
        OrderState.CONFIRMED_ONCE,
        OrderState.EXTENDED,
        OrderState.VOID,
        OrderState.CANCELLED,
    },
    OrderState.CONFIRMED_ONCE: {
        OrderState.CONFIRMED_TWICE,
        OrderState.EXTENDED,
        OrderState.VOID,
        OrderState.CANCELLED,
    },
    OrderState.EXTENDED: {
        OrderState.CONFIRMED_ONCE,
        OrderState.CONFIRMED_TWICE,
        OrderState.VOID,
        OrderState.CANCELLED,
    },
    OrderState.CONFIRMED_TWICE: {OrderState.BILLING, OrderState.VOID, OrderState.CANCELLED},
    OrderState.BILLING: {OrderState.VOID, OrderState.CANCELLED},
    OrderState.VALID: {OrderState.VOID, OrderState.CANCELLED},
    OrderState.VOID: {OrderState.VALID, OrderState.CANCELLED},
    OrderState.CANCELLED: set(),
}


class ConfirmationState(models.TextChoices):
    WAITING = "waiting", _("waiting for its day")
    PLANNED = "planned", _("being asked")
    DONE = "done", _("answered")
    CANCELLED = "cancelled", _("taken back")


CONFIRMATION_OPEN = (ConfirmationState.WAITING, ConfirmationState.PLANNED)
CONFIRMATION_MOVES = {
    ConfirmationState.WAITING: {
        ConfirmationState.PLANNED,
        ConfirmationState.DONE,
        ConfirmationState.CANCELLED,
    },
    ConfirmationState.PLANNED: {ConfirmationState.DONE, ConfirmationState.CANCELLED},
    ConfirmationState.DONE: set(),
    ConfirmationState.CANCELLED: set(),
}


class DeliveryState(models.TextChoices):
    OPEN = "open", _("to be done")
    SENT = "sent", _("posted")
    RETURNED = "returned", _("returned")
    RECEIVED = "received", _("reply received")
    VISITED = "visited", _("visited")
    ABSENT = "absent", _("nobody there")
    REFUSED = "refused", _("refused")
    SILENT = "silent", _("no reply")


# The customer's answers may be at hand on paper.
ANSWERED = (DeliveryState.RECEIVED, DeliveryState.VISITED)
# A letter that came back may be posted again to a better address; a reply may come after the time for it is over.
DELIVERY_MOVES = {
    DeliveryState.OPEN: {
        DeliveryState.SENT,
        DeliveryState.VISITED,
        DeliveryState.ABSENT,
        DeliveryState.REFUSED,
    },
    DeliveryState.SENT: {
        DeliveryState.RECEIVED,
        DeliveryState.RETURNED,
        DeliveryState.REFUSED,
        DeliveryState.SILENT,
    },
    DeliveryState.RETURNED: {DeliveryState.SENT},
    DeliveryState.SILENT: {DeliveryState.RECEIVED, DeliveryState.RETURNED},
    DeliveryState.ABSENT: {DeliveryState.VISITED, DeliveryState.ABSENT, DeliveryState.REFUSED},
    DeliveryState.RECEIVED: set(),
    DeliveryState.VISITED: set(),
    DeliveryState.REFUSED: set(),
}
