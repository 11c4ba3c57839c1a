from complaints.actions.contact_results import close_second_contact
from complaints.actions.escalation import escalate_overdue
from complaints.actions.focus import follow_focus_issues, publish_notice, resolve_focus
from complaints.actions.issues import answer_issue, reopen_issue, send_to_department, solve_issue
from complaints.actions.procedure import (
    COMPLAINT_VERBS,
    acknowledge,
    add_note,
    approve,
    archive,
    assign_handler,
    call_back,
    carry_out,
    judge,
    mark_breaches,
    pause,
    propose,
    register,
    reject,
    reopen,
    resume,
    start_investigation,
)
from complaints.actions.raise_issue import raise_issue
from complaints.actions.second_contacts import allow_other_outcome, open_second_contacts, plan_second_contact

__all__ = [
    "COMPLAINT_VERBS",
    "acknowledge",
    "add_note",
    "allow_other_outcome",
    "answer_issue",
    "approve",
    "archive",
    "assign_handler",
    "call_back",
    "carry_out",
    "close_second_contact",
    "escalate_overdue",
    "follow_focus_issues",
    "judge",
    "mark_breaches",
    "open_second_contacts",
    "pause",
    "plan_second_contact",
    "propose",
    "publish_notice",
    "raise_issue",
    "register",
    "reject",
    "reopen",
    "reopen_issue",
    "resolve_focus",
    "resume",
    "send_to_department",
    "solve_issue",
    "start_investigation",
]
