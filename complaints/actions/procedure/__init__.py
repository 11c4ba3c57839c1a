from complaints.actions.procedure.closing import archive, call_back, reopen
from complaints.actions.procedure.file import add_note, assign_handler, mark_breaches, pause, resume
from complaints.actions.procedure.opening import acknowledge, judge, register, start_investigation
from complaints.actions.procedure.remedies import approve, carry_out, propose, reject

__all__ = [
    "acknowledge",
    "add_note",
    "approve",
    "archive",
    "assign_handler",
    "call_back",
    "carry_out",
    "judge",
    "mark_breaches",
    "pause",
    "propose",
    "register",
    "reject",
    "reopen",
    "resume",
    "start_investigation",
]
