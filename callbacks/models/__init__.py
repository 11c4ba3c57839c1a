from callbacks.models.attempts import Attempt
from callbacks.models.calls import Call
from callbacks.models.confirmations import Confirmation, ConfirmationStep
from callbacks.models.deliveries import Delivery, DeliveryStep
from callbacks.models.distributions import Assignment, Distribution
from callbacks.models.orders import Order, OrderStep
from callbacks.models.recordings import Recording
from callbacks.models.statements import SaidStatement
from callbacks.models.tasks import Draft, Queue, Task, TaskStep

__all__ = [
    "Assignment",
    "Attempt",
    "Call",
    "Confirmation",
    "ConfirmationStep",
    "Delivery",
    "DeliveryStep",
    "Distribution",
    "Draft",
    "Order",
    "OrderStep",
    "Queue",
    "Recording",
    "SaidStatement",
    "Task",
    "TaskStep",
]
