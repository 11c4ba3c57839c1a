from callbacks.models.calls import Call
from callbacks.models.confirmations import Confirmation, ConfirmationStep
from callbacks.models.distributions import Assignment, Distribution
from callbacks.models.orders import Order, OrderStep
from callbacks.models.tasks import Draft, Queue, Task, TaskStep

__all__ = [
    "Assignment",
    "Call",
    "Confirmation",
    "ConfirmationStep",
    "Distribution",
    "Draft",
    "Order",
    "OrderStep",
    "Queue",
    "Task",
    "TaskStep",
]
