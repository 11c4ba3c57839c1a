from reports.actions.export import build_workbook, file_name, log_workbook, start_workbook
from reports.actions.roll_up import roll_dirty, roll_provisional, roll_up
from reports.actions.settlement import choose_scheme, is_used, make_statement, save_scheme, sign_statement
from reports.actions.wall import make_wall_link, revoke_wall_link

__all__ = [
    "choose_scheme",
    "is_used",
    "make_statement",
    "save_scheme",
    "sign_statement",
    "make_wall_link",
    "revoke_wall_link",
    "build_workbook",
    "file_name",
    "log_workbook",
    "roll_dirty",
    "roll_provisional",
    "roll_up",
    "start_workbook",
]
