from callbacks.actions.apply_policies import Applied, apply_policies_of, apply_policy
from callbacks.actions.by_message import close_answered, fall_back, offer_message, send_messages
from callbacks.actions.claim import claim_next
from callbacks.actions.dial import begin_call, end_call
from callbacks.actions.distribute import distribute, surface_untouched, undo_distribution
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
from callbacks.actions.release_quotas import reclaim_quota, release_quota

__all__ = [
    "Applied",
    "apply_policies_of",
    "apply_policy",
    "assign_tasks",
    "begin_call",
    "cancel_order",
    "cancel_tasks",
    "claim_next",
    "close_answered",
    "confirm_order",
    "correct_call",
    "end_call",
    "distribute",
    "fall_back",
    "finish_call",
    "hold_tasks",
    "lift_hold",
    "move_tasks",
    "obey_customers",
    "offer_message",
    "plan_task",
    "reclaim_quota",
    "record_call",
    "release_due",
    "release_quota",
    "release_task",
    "renew_lease",
    "return_expired",
    "run_verb",
    "save_draft",
    "send_messages",
    "surface_untouched",
    "undo_distribution",
    "void_order",
]
