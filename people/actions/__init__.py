from people.actions.accounts import (
    create_token,
    default_calendar_for,
    fill_calendar,
    revoke_token,
    save_preferences,
)
from people.actions.activity import be_seen, close_lost, correct_activity, flag_late, sign_out, turn_to
from people.actions.breaks import (
    approve_break,
    ask_break,
    begin_pending,
    call_back,
    end_break,
    refuse_break,
    withdraw_break,
)
from people.actions.skills import add_skill, mark_absent, mark_present, set_levels

__all__ = [
    "add_skill",
    "approve_break",
    "ask_break",
    "be_seen",
    "begin_pending",
    "call_back",
    "close_lost",
    "correct_activity",
    "create_token",
    "default_calendar_for",
    "end_break",
    "fill_calendar",
    "flag_late",
    "mark_absent",
    "mark_present",
    "refuse_break",
    "revoke_token",
    "save_preferences",
    "set_levels",
    "sign_out",
    "turn_to",
    "withdraw_break",
]
