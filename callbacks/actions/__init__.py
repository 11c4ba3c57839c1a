from callbacks.actions.apply_policies import Applied, apply_policies_of, apply_policy
from callbacks.actions.by_message import (
    ask_by_message,
    close_answered,
    fall_back,
    offer_message,
    send_messages,
)
from callbacks.actions.claim import claim_next
from callbacks.actions.confirm_by_message import answer_by_link, confirm_by_message, read_confirmations
from callbacks.actions.confirmations import ask_now, extend_trial, hear_confirmation, record_by_hand
from callbacks.actions.deliveries import close_silent, record_paper_answers, report_deliveries
from callbacks.actions.dial import begin_call, end_call
from callbacks.actions.distribute import distribute, surface_untouched, undo_distribution
from callbacks.actions.finish import finish_call
from callbacks.actions.hold import release_task, renew_lease, save_draft
from callbacks.actions.leases import return_expired
from callbacks.actions.obey import obey_customers
from callbacks.actions.orders import cancel_order, confirm_order, start_trial, void_order
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
from callbacks.actions.statements import record_statements
from callbacks.actions.trial_verbs import run_trial_verb
from callbacks.actions.trials import follow_trials
from callbacks.actions.undo import undo_call
from callbacks.actions.waves import open_wave

__all__ = [
    "Applied",
    "answer_by_link",
    "apply_policies_of",
    "apply_policy",
    "ask_now",
    "ask_by_message",
    "assign_tasks",
    "begin_call",
    "cancel_order",
    "cancel_tasks",
    "claim_next",
    "close_answered",
    "close_silent",
    "confirm_by_message",
    "confirm_order",
    "correct_call",
    "end_call",
    "extend_trial",
    "distribute",
    "fall_back",
    "finish_call",
    "follow_trials",
    "hear_confirmation",
    "hold_tasks",
    "lift_hold",
    "move_tasks",
    "obey_customers",
    "offer_message",
    "open_wave",
    "plan_task",
    "read_confirmations",
    "record_by_hand",
    "reclaim_quota",
    "record_call",
    "record_statements",
    "release_due",
    "release_quota",
    "release_task",
    "renew_lease",
    "record_paper_answers",
    "report_deliveries",
    "return_expired",
    "run_trial_verb",
    "run_verb",
    "save_draft",
    "send_messages",
    "start_trial",
    "surface_untouched",
    "undo_distribution",
    "undo_call",
    "void_order",
]
