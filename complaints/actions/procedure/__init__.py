from complaints.actions.procedure.closing import archive, call_back, hear_callback, reopen
from complaints.actions.procedure.file import add_note, assign_handler, mark_breaches, pause, resume
from complaints.actions.procedure.opening import acknowledge, judge, register, start_investigation
from complaints.actions.procedure.remedies import approve, carry_out, propose, reject

# What the pages and the API call the steps; each takes complaint, by, now and the values of its form.
COMPLAINT_VERBS = {
    "acknowledge": acknowledge,
    "judge": judge,
    "investigate": start_investigation,
    "propose": propose,
    "approve": approve,
    "reject": reject,
    "carry-out": carry_out,
    "call-back": call_back,
    "archive": archive,
    "reopen": reopen,
    "pause": pause,
    "resume": resume,
    "handler": assign_handler,
}

__all__ = [
    "COMPLAINT_VERBS",
    "acknowledge",
    "add_note",
    "approve",
    "archive",
    "assign_handler",
    "call_back",
    "carry_out",
    "hear_callback",
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
