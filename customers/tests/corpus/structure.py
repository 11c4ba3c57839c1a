"""30 files whose rows are not a table: each row is counted, and what cannot be cut into cells is refused with its line."""

from collections.abc import Iterator

from customers.tests.corpus.file import HEADER, Expected, File, bad, good, person, text_file, workbook


def lines(*rows: str, line_end="\r\n") -> bytes:
    return line_end.join([",".join(HEADER), *rows, ""]).encode()


def row(number: int) -> str:
    return ",".join(person(number))


def counted(reasons=None, **counts) -> Expected:
    return Expected(counts=counts, reasons=reasons or {})


def files() -> Iterator[File]:
    """9 delimiters and line ends, 8 ragged or blank, 7 quotation marks and odd bytes, 6 sizes."""
    yield from _delimiters()
    yield from _ragged()
    yield from _quotes()
    yield from _sizes()


def _delimiters() -> Iterator[File]:
    rows = [HEADER, person(1), person(2)]
    for label, delimiter in (("semicolon", ";"), ("tab", "\t"), ("bar", "|")):
        yield File(f"{label}.csv", text_file(rows, delimiter=delimiter), good(2))
    yield File("sep-line.csv", b"sep=;\r\n" + text_file(rows, delimiter=";"), good(2))
    yield File("cr-only.csv", text_file(rows, line_end="\r"), good(2))
    yield File("lf-only.csv", text_file(rows, line_end="\n"), good(2))
    yield File("no-last-line-end.csv", text_file(rows).rstrip(), good(2))
    yield File(
        "mixed-line-ends.csv", lines(row(1)) + row(2).encode() + b"\n" + row(3).encode() + b"\r\n", good(3)
    )
    caret = text_file(rows).replace(b",", b"^")
    yield File("unknown-delimiter.csv", caret, Expected(refused=("mapping_nobody",)))


def _ragged() -> Iterator[File]:
    yield File("short-row.csv", lines(row(1), "A2,短"), bad(too_few_cells=1))
    yield File("long-row.csv", lines(row(1), row(2) + ",多,余"), bad(too_many_cells=1))
    yield File("long-with-blanks.csv", lines(row(1), row(2) + ",,,"), good(2))
    yield File("short-and-long.csv", lines("A1", row(2), row(3) + ",x"), Expected(
        counts={"accepted": 1, "rejected": 2}, reasons={"too_few_cells": 1, "too_many_cells": 1}
    ))  # fmt: skip
    yield File("blank-rows.csv", lines(row(1), "", ",,", "  ,\t,", row(2)), counted(accepted=2, blank=3))
    yield File("blank-rows-last.csv", lines(row(1), *([""] * 500)), counted(accepted=1, blank=500))
    yield File("only-blank-rows.csv", lines(*([",,"] * 20)), counted(blank=20))
    gap = workbook([HEADER, person(1), [], [], person(2)])
    yield File("blank-rows.xlsx", gap, counted(accepted=2, blank=2))


def _quotes() -> Iterator[File]:
    refused = Expected(refused=("bad_quotes",))
    yield File("unclosed-quote.csv", lines(row(1), 'A2,"王,13800000002', row(3)), refused)
    yield File("quote-and-more.csv", lines(row(1), 'A2,"王"芳,13800000002'), refused)
    yield File("far-unclosed-quote.csv", lines(*map(row, range(1, 900)), '"A900,王,1'), refused)
    yield File("quoted-comma.csv", lines('A1,"王,芳",13800000001'), good(1, stored={"A1": {"name": "王,芳"}}))
    two = good(1, stored={"A1": {"name": "王 芳"}})
    yield File("line-end-in-cell.csv", lines('A1,"王\r\n芳",13800000001'), two)
    yield File("nul-byte.csv", lines(row(1), row(2).replace("客", "客\0")), Expected(refused=("nul_byte",)))
    yield File(
        "far-nul-byte.csv", lines(*map(row, range(1, 3_000)), "A3000,\0,1"), Expected(refused=("nul_byte",))
    )


def _sizes() -> Iterator[File]:
    yield File("long-cell.csv", lines(row(1), f"A2,{'王' * 66_000},13800000002"), bad(cell_too_long=1))
    huge = lines(row(1), f"A2,{'x' * 1_100_000},13800000002")
    yield File("huge-cell.csv", huge, Expected(refused=("cell_too_large",)))
    yield File("one-column.csv", "手机\r\n13800000001\r\n".encode(), Expected(refused=("mapping_nameless",)))
    wide = ",".join([",".join(HEADER), *(f"c{number}" for number in range(16_384))]).encode()
    yield File("16384-columns.csv", wide + b"\r\n", Expected(refused=("too_many_columns",)))
    yield File("empty.csv", b"", Expected(refused=("empty_file",), quickly=True))
    yield File("blank.csv", b"\r\n \r\n,,\r\n", Expected(refused=("no_header",)))
