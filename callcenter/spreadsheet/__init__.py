"""Reading files people send us and writing files they open in a spreadsheet program.

`read.open_table` reads CSV and XLSX, `errors.ErrorFile` writes the rows that failed so that they can be corrected and
loaded again, `write` streams detail exports, `workbook.Workbook` builds report books. `refusals.Refused` is what any of
them raises when a file cannot be taken; its `message` and `hint` are for the person who sent it.

Nothing here knows Django models, settings or requests.
"""
