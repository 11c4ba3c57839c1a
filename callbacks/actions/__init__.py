from callbacks.actions.apply_policies import Applied, apply_policies_of, apply_policy
from callbacks.actions.by_message import (
    ask_by_message,
    close_answered,
    fall_back,
    offer_message,
    send_messages,
)
from callbacks.actions.claim import claim_next
from callbacks.actions.dial import begin_call, end_call
from callbacks.actions.finish import finish_call
from callbacks.actions.hold import release_task, renew_lease, save_draft
from callbacks.actions.leases import return_expired
from callbacks.actions.obey import obey_customers
from callbacks.actions.orders import cancel_order, confirm_order, void_order
from callbacks.actions.plan import (
    assign_tasks,
    cancel_tasks,
    hold_tasks,
    lift_hold,
    move_tasks,
    plan_task,
    run_verb,
)
from callbacks.actions.promote import release_due
from callbacks.actions.record import correct_call, record_call
from callbacks.actions.release_quotas import release_quota
from callbacks.actions.undo import undo_call

__all__ = [
    "Applied",
    "apply_policies_of",
    "apply_policy",
    "ask_by_message",
    "assign_tasks",
    "begin_call",
    "cancel_order",
    "cancel_tasks",
    "claim_next",
    "close_answered",
    "confirm_order",
    "correct_call",
    "end_call",
    "fall_back",
    "finish_call",
    "hold_tasks",
    "lift_hold",
    "move_tasks",
    "obey_customers",
    "offer_message",
    "plan_task",
    "record_call",
    "release_due",
    "release_quota",
    "release_task",
    "renew_lease",
    "return_expired",
    "run_verb",
    "save_draft",
    "send_messages",
    "undo_call",
    "void_order",
]
