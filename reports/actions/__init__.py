from reports.actions.export import build_workbook, file_name, log_workbook, start_workbook
from reports.actions.roll_up import roll_dirty, roll_provisional, roll_up

__all__ = [
    "build_workbook",
    "file_name",
    "log_workbook",
    "roll_dirty",
    "roll_provisional",
    "roll_up",
    "start_workbook",
]
