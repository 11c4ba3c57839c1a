"""20 files that meet an archive: duplicates, do-not-call, other clients, regions, consent; counted apart, never merged."""

from collections.abc import Iterator

from customers import actions
from customers.tests.corpus.file import HEADER, Expected, File, person, text_file
from customers.tests.make import NOW, make_client, make_customer, make_region


def known(number, *, other_client=False, external_id=None, **fields):
    """Prepare a customer who has the phone of `person(number)`."""

    def prepare(client):
        make_customer(
            client=make_client() if other_client else client,
            external_id=f"A{number}" if external_id is None else external_id,
            phones=[f"+86{13_800_000_000 + number}"],
            **fields,
        )

    return prepare


def listed(number, *, other_client=False, everywhere=True):
    """Prepare a do-not-call entry for the phone of `person(number)`."""

    def prepare(client):
        of = None if everywhere else make_client() if other_client else client
        actions.block(
            number=f"{13_800_000_000 + number}", client=of, category="asked", reason="asked", by=None, now=NOW
        )

    return prepare


def region(_client):
    make_region(name="浙江分片", code="ZJ")


def counted(reasons=None, **counts) -> Expected:
    return Expected(counts=counts, reasons=reasons or {})


def files() -> Iterator[File]:
    """5 duplicates inside a file, 8 with the archive, 3 do-not-call, 4 about regions, levels and consent."""
    yield from _inside()
    yield from _archive()
    yield from _do_not_call()
    yield from _fields()


def _inside() -> Iterator[File]:
    def one(label, *rows, **counts):
        return File(f"{label}.csv", text_file([HEADER, *rows]), counted(**counts))

    yield one("same-row-twice", person(1), person(1), accepted=1, duplicate=1)
    yield one("same-number", person(1), ["A1", "别名", "13900000009"], accepted=1, duplicate=1)
    yield one("same-phone", person(1), ["B1", "别名", "13800000001"], accepted=1, duplicate=1)
    yield one(
        "same-phone-written-otherwise", person(1), ["B1", "x", "+86 138-0000-0001"], accepted=1, duplicate=1
    )
    landline = ["A1", "甲", "0571-88888888-1"], ["A2", "乙", "0571-88888888-2"]
    yield one("same-landline-other-extension", *landline, accepted=2)


def _archive() -> Iterator[File]:
    rows = text_file([HEADER, person(1), person(2)])

    def one(label, before, *, duplicates="skip", scope="client", stored=None, **counts):
        expected = Expected(counts=counts, stored=stored or {})
        return File(f"{label}.csv", rows, expected, duplicates=duplicates, scope=scope, before=before)

    old = known(1, name="老客户")
    yield one("known-skip", old, stored={"A1": {"name": "老客户"}}, accepted=1, duplicate=1)
    yield one(
        "known-update", old, duplicates="update", stored={"A1": {"name": "客户1"}}, accepted=1, updated=1
    )
    yield one("known-by-phone", known(1, external_id=""), accepted=1, duplicate=1)
    shared = known(1, external_id="B9", name="别人")
    yield one(
        "phone-of-another-number",
        shared,
        duplicates="update",
        stored={"B9": {"name": "别人"}},
        accepted=1,
        duplicate=1,
    )
    yield one("other-client", known(1, other_client=True), accepted=2)
    yield one("other-client-looked-at", known(1, other_client=True), scope="all", accepted=1, duplicate=1)
    yield one("this-file-only", known(1, external_id=""), scope="file", accepted=2)
    fail = Expected(counts={"duplicate": 1, "rejected": 1}, reasons={"not_imported": 1})
    yield File("known-fail.csv", rows, fail, duplicates="fail", before=old)


def _do_not_call() -> Iterator[File]:
    rows = text_file([HEADER, person(1), person(2)])
    for label, before, count in (
        ("everywhere", listed(1), 1),
        ("of-this-client", listed(1, everywhere=False), 1),
        ("of-another-client", listed(1, everywhere=False, other_client=True), 0),
    ):
        expected = Expected(counts={"accepted": 2, "do_not_call": count})
        yield File(f"do-not-call-{label}.csv", rows, expected, before=before)


def _fields() -> Iterator[File]:
    rows = text_file([[*HEADER, "地区"], [*person(1), "浙江分片"], [*person(2), "zj"], [*person(3), "火星"]])
    expected = Expected(counts={"accepted": 2, "rejected": 1}, reasons={"unknown_region": 1})
    yield File("region.csv", rows, expected, before=region)
    rows = text_file([[*HEADER, "级别"], [*person(1), "至尊无敌"], [*person(2), "级" * 31]])
    expected = Expected(
        counts={"accepted": 1, "rejected": 1}, reasons={"too_long": 1}, stored={"A1": {"level": "至尊无敌"}}
    )
    yield File("level.csv", rows, expected)
    rows = text_file([[*HEADER, "是否同意"], [*person(1), "是"], [*person(2), "否"], [*person(3), ""]])
    yield File("consent.csv", rows, Expected(counts={"accepted": 3, "without_consent": 2}))
    rows = text_file([HEADER, person(1), ["A2", "", ""], ["", "王", ""], ["", "", "13800000004"]])
    expected = Expected(counts={"accepted": 2, "rejected": 2}, reasons={"nobody": 1, "nameless": 1})
    yield File("all-or-some.csv", rows, expected)
