"""Why a file is not read at all: one named class per reason (I-01, DESIGN.md section 8)."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The file as a whole is refused, before anything of it is stored.

    `code` names the reason for programs, `message` says what was found and where, `hint` what to do next; both are
    rendered in the language active when they are read. `details` are the values inside them.
    """

    code = "refused"
    template = _("The file cannot be read.")
    advice = _("Open it in a spreadsheet program, save it as .xlsx or as CSV UTF-8 and send it again.")

    def __init__(self, **details):
        self.details = details
        super().__init__(details)

    def __reduce__(self):
        return _rebuild, (type(self), self.details)

    @property
    def message(self) -> str:
        return str(self.template) % self.details

    @property
    def hint(self) -> str:
        return str(self.advice) % self.details

    def __str__(self) -> str:
        return self.message


def _rebuild(kind, details):
    return kind(**details)


class EmptyFile(Refused):
    code = "empty_file"
    template = _("The file is empty.")
    advice = _("Check that the right file was chosen and that it holds a header row and data.")


class FileTooLarge(Refused):
    code = "file_too_large"
    template = _("The file has %(size)s MB; at most %(limit)s MB are accepted.")
    advice = _("Split it into several files and send them one after another.")


class NotASpreadsheet(Refused):
    code = "not_a_spreadsheet"
    template = _("The content of the file is %(found)s, whatever its name says.")


class LegacyWorkbook(Refused):
    code = "legacy_workbook"
    template = _("The file is an old Excel workbook (.xls) or another old Office document.")
    advice = _("Open it in a spreadsheet program and save it as .xlsx; changing the name is not enough.")


class EncryptedWorkbook(Refused):
    code = "encrypted"
    template = _("The file is protected by a password.")
    advice = _("Remove the password (File, Info, Protect Workbook) and send the file again.")


class DamagedWorkbook(Refused):
    code = "damaged"
    template = _("The workbook is damaged: %(part)s cannot be read.")
    advice = _("Open it in a spreadsheet program, save it under a new name and send the new file.")


class UnpackedTooLarge(Refused):
    code = "unpacked_too_large"
    template = _("Unpacked, the workbook would take %(size)s MB; at most %(limit)s MB are accepted.")
    advice = _("Delete unused sheets, formats and pictures, or send the data as CSV.")


class SuspiciousCompression(Refused):
    code = "suspicious_compression"
    template = _(
        "The part %(part)s of the workbook is packed %(ratio)s times smaller than it is; that is not normal data."
    )
    advice = _("Copy the data into a new workbook and send that one.")


class TooManyParts(Refused):
    code = "too_many_parts"
    template = _("The workbook is made of %(count)s parts; at most %(limit)s are accepted.")
    advice = _("Copy the sheet with the data into a new workbook and send that one.")


class MacroWorkbook(Refused):
    code = "macros"
    template = _("The workbook contains macros (%(part)s).")
    advice = _("Save it as .xlsx, without macros, and send it again.")


class UnsafePartName(Refused):
    code = "unsafe_part_name"
    template = _("The workbook contains a part with the forbidden name %(part)s.")
    advice = _("Copy the data into a new workbook and send that one.")


class DuplicatePart(Refused):
    code = "duplicate_part"
    template = _("The workbook contains the part %(part)s twice.")
    advice = _("Copy the data into a new workbook and send that one.")


class EntityDeclaration(Refused):
    code = "entity_declaration"
    template = _("The part %(part)s of the workbook declares entities, which spreadsheet programs never do.")
    advice = _("Copy the data into a new workbook and send that one.")


class TooManyColumns(Refused):
    code = "too_many_columns"
    template = _("Row %(row)s has %(count)s columns; at most %(limit)s are accepted.")
    advice = _(
        "Delete the columns that are not needed, also the empty ones to the right, and send the file again."
    )


class TooManyCells(Refused):
    code = "too_many_cells"
    template = _("The sheet %(sheet)s reaches to row %(row)s and column %(column)s, which is too large.")
    advice = _("Delete the empty rows and columns behind the data, or send the data as CSV.")


class UnknownSheet(Refused):
    code = "unknown_sheet"
    template = _("The workbook has no sheet %(sheet)s.")
    advice = _("Choose one of its sheets: %(sheets)s.")


class NoHeader(Refused):
    code = "no_header"
    template = _("No header row was found in the first %(rows)s rows.")
    advice = _("Put the column names into one row above the data, or say which row holds them.")


class NulByte(Refused):
    code = "nul_byte"
    template = _("Line %(line)s contains a NUL byte, which no text has.")
    advice = _("The file is damaged or not a text file. Export it again from where it came.")


class BadQuotes(Refused):
    code = "bad_quotes"
    template = _(
        "In the row that starts on line %(line)s a quotation mark is opened and not closed correctly."
    )
    advice = _(
        "Close the quotation mark, or write a quotation mark inside a cell twice, and send the file again."
    )


class CellTooLarge(Refused):
    code = "cell_too_large"
    template = _("The row that starts on line %(line)s contains a cell of more than %(limit)s characters.")
    advice = _("Shorten the cell. If it looks short, a quotation mark before it is probably not closed.")


class BadBytes(Refused):
    code = "bad_bytes"
    template = _("Line %(line)s contains bytes that are not %(encoding)s text.")
    advice = _("Correct that line, or choose another encoding, and send the file again.")


class MixedEncodings(Refused):
    code = "mixed_encodings"
    template = _("Line %(line)s is not written in the same encoding as the lines before it.")
    advice = _("Correct that line. If two files were joined, save each as CSV UTF-8 and join them again.")


class UnknownEncoding(Refused):
    code = "unknown_encoding"
    template = _("The encoding %(encoding)s is not known here.")
    advice = _("Choose one of: %(encodings)s.")


class Candidate(NamedTuple):
    """One way the bytes could be read: `encoding` to pass back as `encoding=`, `preview` of its first lines."""

    encoding: str
    preview: str


class AmbiguousEncoding(Refused):
    """The bytes can be read in more than one way; the person chooses from `candidates` by their previews."""

    code = "ambiguous_encoding"
    template = _("It is not certain in which encoding the file is written.")
    advice = _(
        "Look at the previews, choose the one that reads correctly, and send the file again with that choice."
    )

    def __init__(self, *, candidates=()):
        self.candidates = tuple(candidates)
        super().__init__(candidates=self.candidates)
