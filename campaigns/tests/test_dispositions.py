import pytest

from campaigns import catalogue
from campaigns.actions import load_dispositions
from campaigns.models import Disposition
from campaigns.queries import disposition_by_code, offered_dispositions
from campaigns.tests.make import make_campaign

pytestmark = pytest.mark.django_db

# domain.md section 3: attempt, connected, right party, completed, useless, retry, closes.
TABLE = """
NA 1 0 0 0 0 1 0
BUSY 1 0 0 0 0 1 0
OFF 1 0 0 0 0 1 0
NOSIG 1 0 0 0 0 1 0
FWD 1 0 0 0 0 1 0
VM 1 1 0 0 0 1 0
DROP 1 1 0 0 0 1 0
GATE 1 1 0 0 0 1 0
APPT 1 1 0 0 0 1 0
REFUSE 1 1 1 0 0 0 1
BREAKOFF 1 1 1 0 0 0 1
DNC 1 1 1 0 0 0 1
DONE 1 1 1 1 0 0 1
DONE_ISSUE 1 1 1 1 0 0 1
PROBLEM 1 1 1 1 0 0 1
SALE 1 1 1 1 0 0 1
NOSALE 1 1 1 1 0 0 1
SUSP 1 0 0 0 1 0 1
EMPTY 1 0 0 0 1 0 1
WRONG 1 1 0 0 1 0 1
CLOSED 1 0 0 0 1 0 1
ROAM 1 0 0 0 1 0 1
NOTTGT 1 1 0 0 1 0 1
INCOMPL 0 0 0 0 1 0 1
LANG 1 1 1 0 0 1 0
EXH 0 0 0 0 0 0 1
CANCEL 0 0 0 0 0 0 1
ORPHAN 1 0 0 0 0 1 0
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_shipped_flags_are_those_of_the_table(line):
    code, *flags = line.split()
    row = Disposition.objects.get(code=code)
    found = [row.attempt, row.connected, row.reached, row.completed, row.useless, bool(row.retry), row.closes]
    assert [str(int(flag)) for flag in found] == flags


def test_keys_while_ringing_are_those_of_the_desk():
    keys = dict(Disposition.objects.exclude(ring_key="").values_list("ring_key", "code"))
    assert keys == dict(
        zip("123456789", ["NA", "BUSY", "OFF", "NOSIG", "SUSP", "EMPTY", "WRONG", "DROP", "VM"], strict=True)
    )


def test_keys_in_wrap_up_are_unique():
    keys = list(Disposition.objects.exclude(wrap_key="").values_list("wrap_key", flat=True))
    assert len(keys) == len(set(keys)) == 9


def test_special_flags():
    rows = disposition_by_code()
    assert [code for code, row in rows.items() if row.do_not_call] == ["DNC", "DECEASED"]
    assert [code for code, row in rows.items() if row.sold] == ["SALE"]
    assert [code for code, row in rows.items() if row.system] == ["EXH", "CANCEL", "ORPHAN"]
    assert {code: row.phone_state for code, row in rows.items() if row.phone_state} == {
        "SUSP": "suspended",
        "EMPTY": "empty",
        "WRONG": "wrong",
    }


def test_every_name_is_in_three_languages():
    assert all(len({*row["name"]}) == 3 and all(row["name"].values()) for row in catalogue.DISPOSITIONS)


def test_loading_again_keeps_what_was_changed_and_adds_what_is_missing():
    Disposition.objects.filter(code="BUSY").update(retry_seconds=60)
    Disposition.objects.filter(code="NA").delete()
    assert load_dispositions() == 1
    assert load_dispositions() == 0
    assert Disposition.objects.get(code="BUSY").retry_seconds == 60


def test_sales_results_are_offered_only_in_sales_campaigns(django_assert_num_queries):
    campaign = make_campaign(kind="satisfaction")
    with django_assert_num_queries(1):
        codes = {row.code for row in offered_dispositions(campaign)}
    assert not codes & {"SALE", "NOSALE", "EXH", "CANCEL", "ORPHAN"}
    assert {"SALE", "NOSALE"} <= {
        row.code for row in offered_dispositions(make_campaign(kind="telemarketing"))
    }
