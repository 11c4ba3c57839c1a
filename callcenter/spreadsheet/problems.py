"""What can be wrong with a header or a row that is otherwise read: one `RowError` says what, where, why and what to do."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class RowError(NamedTuple):
    """One thing wrong with one cell or row of a file.

    `row` is the row number as a spreadsheet program shows it, `column` the header of the column ("" for the whole
    row), `value` the text found, `code` the reason for programs, `message` and `hint` the same for people.
    """

    row: int
    column: str
    value: str
    code: str
    message: str
    hint: str


# Written behind a doubtful cell in an error file: loaded again unchanged, it would pass for the right text.
DOUBT_MARK = " [#?]"

# code: (what is wrong, what to do)
PROBLEMS = {
    "too_few_cells": (
        _("The row has %(found)s cells, the header has %(expected)s."),
        _("Add the missing cells; check that no delimiter or quotation mark is missing."),
    ),
    "too_many_cells": (
        _("The row has %(found)s cells, the header has only %(expected)s."),
        _(
            "Put text that contains the delimiter between quotation marks, or name the extra columns in the header."
        ),
    ),
    "cell_too_long": (
        _("The cell is longer than the 32,767 characters a spreadsheet program keeps."),
        _("Shorten the text."),
    ),
    "lost_precision": (
        _("The number has more than 15 digits, so the workbook has already rounded it."),
        _("Format the column as text and enter the number again."),
    ),
    "error_value": (
        _("The cell holds the error %(value)s instead of a value."),
        _("Correct the formula or replace it by its value."),
    ),
    "not_calculated": (
        _("The cell holds a formula that was never calculated."),
        _("Open the file in a spreadsheet program, save it and send it again."),
    ),
    "uncorrected": (
        _("The cell was marked as wrong and not corrected."),
        _("Replace it, with its mark [#?], by the right value."),
    ),
    "duplicate_header": (
        _("The column name %(value)s is used more than once."),
        _("Give each column a name of its own, or choose the column by its letter."),
    ),
    "blank_header": (
        _("Column %(letters)s has no name."),
        _("Name the column in the header row, or choose it by its letter."),
    ),
    "padded_header": (
        _("The column name %(value)s has blanks before or after it."),
        _("Nothing needs to be done: the blanks are ignored."),
    ),
    "two_header_rows": (
        _("The row after the header looks like a second header row."),
        _("If it is one, choose it as the header row."),
    ),
    "hidden_column": (
        _("Column %(letters)s is hidden in the workbook."),
        _("Check that it is meant to be read."),
    ),
    "several_sheets": (
        _("The workbook has several sheets; %(value)s is read."),
        _("Choose another sheet if the data is there."),
    ),
}


def row_error(code: str, *, row: int, column: str = "", value: str = "", **details) -> RowError:
    """Returns the `RowError` for a `code` of `PROBLEMS`, worded in the language active now."""
    message, hint = PROBLEMS[code]
    values = {"value": value, **details}
    return RowError(row, column, value, code, str(message) % values, str(hint) % values)
