from callbacks.models.attempts import Attempt
from callbacks.models.calls import Call
from callbacks.models.orders import Order, OrderStep
from callbacks.models.recordings import Recording
from callbacks.models.tasks import Draft, Queue, Task, TaskStep

__all__ = ["Attempt", "Call", "Draft", "Order", "OrderStep", "Queue", "Recording", "Task", "TaskStep"]
