"""What a person does with a trial, by one name for page and API (CAM-10)."""

from callbacks.actions.confirm_by_message import confirm_by_message
from callbacks.actions.confirmations import ask_now, extend_trial, record_by_hand
from callbacks.actions.orders import cancel_order, void_order


def run_trial_verb(
    order, *, verb, by, now, note="", answer="", criteria=(), call=None, reply=None, text=None
) -> None:
    """One of answer, ask, message, extend, cancel and void. Raises what the action raises."""
    common = {"order": order, "by": by, "now": now}
    if verb == "answer":
        record_by_hand(**common, answer=answer, criteria=criteria, call=call, reply=reply, note=note)
    elif verb == "ask":
        ask_now(**common)
    elif verb == "message":
        confirm_by_message(**common, text=text)
    else:
        act = {"extend": extend_trial, "cancel": cancel_order, "void": void_order}[verb]
        act(**common, note=note)
