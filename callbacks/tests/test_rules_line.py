"""What a telephone line says, without a database (CB-6, CB-13)."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from callbacks.rules.line import Line, heard, instant, link_of, told

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
KEY = "b9f1c6e0-6f0b-4f0e-9a53-2f6f3c9f1a11"
AGENT = {"Channel": "PJSIP/101-00000001", "Uniqueid": KEY, "Linkedid": KEY}
CUSTOMER = {"Channel": "PJSIP/trunk-00000002", "Uniqueid": "1772589600.2", "Linkedid": KEY}
TALK = [
    {"Event": "DialBegin", "DestUniqueid": KEY, "DestLinkedid": KEY},
    {"Event": "DialBegin", **AGENT, "DestUniqueid": "1772589600.2"},
    {"Event": "DialState", **AGENT, "DialStatus": "RINGING"},
    {"Event": "DialEnd", **AGENT, "DialStatus": "ANSWER"},
    {"Event": "HangupRequest", **CUSTOMER},
    {"Event": "Hangup", **CUSTOMER, "Cause": "16"},
    {"Event": "Hangup", **AGENT, "Cause": "16"},
]


def line_after(events):
    line = Line()
    for event in events:
        word = heard(event, NOW)
        if word:
            assert word.key == KEY
            line = told(line, word)
    return line


def stamped(events):
    start = NOW.timestamp()
    return [event | {"Timestamp": f"{start + place:.6f}"} for place, event in enumerate(events)]


def test_call_that_the_customer_ends():
    line = line_after(stamped(TALK))
    assert line == Line(
        NOW + timedelta(seconds=1),
        NOW + timedelta(seconds=3),
        NOW + timedelta(seconds=5),
        "customer",
        "",
        "PJSIP/101-00000001",
    )


def test_call_that_the_agent_ends():
    events = [*TALK[:4], {"Event": "SoftHangupRequest", **AGENT}, *TALK[5:]]
    assert line_after(stamped(events)).hung_up_by == "agent"


@pytest.mark.parametrize(
    ("word", "status"),
    [("BUSY", "BUSY"), ("NOANSWER", "NOANSWER"), ("CHANUNAVAIL", "UNREACHABLE"), ("NEWWORD", "UNREACHABLE")],
)
def test_dial_without_an_answer_keeps_why(word, status):
    line = line_after([*TALK[:3], {"Event": "DialEnd", **AGENT, "DialStatus": word}, *TALK[5:]])
    assert (line.status, line.answered_at, line.hung_up_by, line.ended_at) == (status, None, "", NOW)


def test_vacant_number_is_known_by_its_cause():
    events = [
        {"Event": "Hangup", **CUSTOMER, "Cause": "1"},
        {"Event": "DialEnd", **AGENT, "DialStatus": "CHANUNAVAIL"},
    ]
    assert line_after(events).status == "EMPTY"


def test_words_in_any_order_and_twice_lead_to_the_same_line():
    events = stamped(TALK)[1:6]
    expected = line_after(events)
    for order in itertools.permutations(events):
        again = line_after([*order, *order])
        assert (again.ringing_at, again.answered_at, again.ended_at, again.hung_up_by) == (
            expected.ringing_at,
            expected.answered_at,
            expected.ended_at,
            expected.hung_up_by,
        )
        assert again.status == ""


def test_own_phone_that_is_not_picked_up():
    word = heard({"Event": "OriginateResponse", "ActionID": KEY, "Response": "Failure", "Reason": "3"}, NOW)
    assert (word.key, word.what, word.status) == (KEY, "failed", "NO_AGENT")
    assert heard({"Event": "OriginateResponse", "ActionID": KEY, "Response": "Success"}, NOW) is None


@pytest.mark.parametrize(
    "event", [{}, {"Event": "PeerStatus"}, {"Event": "Hangup"}, {"Event": "DialEnd", "DestUniqueid": KEY}]
)
def test_other_events_say_nothing(event):
    assert heard(event, NOW) is None


@pytest.mark.parametrize("stamp", ["", "x", "1e99", "-1", "99999999999999999999", "1600000000.0"])
def test_time_that_cannot_be_is_when_it_was_heard(stamp):
    assert instant(stamp, NOW) == NOW


@pytest.mark.parametrize(
    ("scheme", "domain", "link"),
    [
        ("tel", "", "tel:+8613800138000"),
        ("", "", "tel:+8613800138000"),
        ("sip", "", "sip:+8613800138000"),
        ("sip", "pbx.example.org", "sip:+8613800138000@pbx.example.org;user=phone"),
    ],
)
def test_links_that_dial(scheme, domain, link):
    assert link_of("+8613800138000", scheme, domain) == link
