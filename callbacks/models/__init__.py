from callbacks.models.calls import Call
from callbacks.models.deliveries import Delivery, DeliveryStep
from callbacks.models.orders import Order, OrderStep
from callbacks.models.statements import SaidStatement
from callbacks.models.tasks import Draft, Queue, Task, TaskStep

__all__ = [
    "Call",
    "Delivery",
    "DeliveryStep",
    "Draft",
    "Order",
    "OrderStep",
    "Queue",
    "SaidStatement",
    "Task",
    "TaskStep",
]
