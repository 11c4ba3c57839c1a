"""Pure decisions: what a text costs, which word ends messages, who signed, when to try again (CB-9)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.catalogue import STOP_WORDS
from messaging.rules.alphabets import decoded, encoded, encoding_of
from messaging.rules.fields import STOP_HINTS, missing_fields
from messaging.rules.receipts import ARRIVED, LOST, verdict_of
from messaging.rules.retries import BACK_OFF, next_attempt
from messaging.rules.segments import cost_of, parts_of
from messaging.rules.signatures import BadSignature, signature, verify
from messaging.rules.stop_words import CLEAR, UNCLEAR, stop_in

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", "gsm7", 0, 0, 160),
        ("a" * 160, "gsm7", 160, 1, 0),
        ("a" * 161, "gsm7", 161, 2, 145),
        ("a" * 306, "gsm7", 306, 2, 0),
        ("€" * 80, "gsm7", 160, 1, 0),
        ("€" * 81, "gsm7", 162, 2, 143),
        ("好" * 70, "ucs2", 70, 1, 0),
        ("好" * 71, "ucs2", 71, 2, 63),
        ("好" * 134, "ucs2", 134, 2, 0),
        ("好" * 135, "ucs2", 135, 3, 66),
        ("a" * 69 + "好", "ucs2", 70, 1, 0),
        ("😀" * 35, "ucs2", 70, 1, 0),
        ("😀" * 36, "ucs2", 72, 2, 61),
        ("`", "ucs2", 1, 1, 69),
    ],
)
def test_golden_cost_of_a_text(text, encoding, units, segments, left):
    cost = cost_of(text)
    assert (cost.encoding, cost.units, cost.segments, cost.left) == (encoding, units, segments, left)


def test_a_pair_is_never_cut_in_two():
    assert [len(part) for part in parts_of("😀" * 36)] == [33, 3]
    assert [len(part) for part in parts_of("€" * 81)] == [76, 5]


@given(st.text(max_size=400))
def test_parts_are_the_text_and_fit(text):
    parts, encoding = parts_of(text), encoding_of(text)
    assert "".join(parts) == text
    size = 140 if encoding == "ucs2" else 160
    chained = 134 if encoding == "ucs2" else 153
    limit = size if len(parts) == 1 else chained
    assert all(len(encoded(part, encoding)) <= limit for part in parts)


@given(st.text(alphabet="abcXYZ019 @£$¥€[]{}~|^\\Δ_ÄÖñüà§", max_size=60))
def test_gsm7_is_read_as_it_was_written(text):
    assert decoded(encoded(text, "gsm7"), 0) == text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("TD", CLEAR),
        ("td ", CLEAR),
        ("\uff34\uff24", CLEAR),
        ("回复TD", CLEAR),
        ("退订", CLEAR),
        ("退订\uff01", CLEAR),
        ("退訂", CLEAR),
        ("退订,谢谢", CLEAR),
        ("请退订", CLEAR),
        ("STOP", CLEAR),
        ("stop.", CLEAR),
        ("Stop sending me these", CLEAR),
        ("N", CLEAR),
        ("n\u3002", CLEAR),
        ("我要退订", UNCLEAR),
        ("怎么不能退订?", UNCLEAR),
        ("please do not stop", UNCLEAR),
        ("No", ""),
        ("TDX", ""),
        ("5", ""),
        ("服务很好", ""),
        ("", ""),
        ("Nice", ""),
    ],
)
def test_stop_words(text, verdict):
    assert stop_in(text, STOP_WORDS) == verdict


def test_the_word_that_texts_offer_is_a_stop_word():
    assert stop_in("TD", STOP_WORDS) == CLEAR
    assert all("TD" in hint for hint in STOP_HINTS["sms"].values())
    assert all(
        stop_in(word, STOP_WORDS) == CLEAR
        for hint, word in zip(STOP_HINTS["email"].values(), ("退订", "退訂", "STOP"), strict=True)
        if word in hint
    )


@pytest.mark.parametrize(
    ("channel", "purpose", "invites", "texts", "missing"),
    [
        ("sms", "sales", False, ["买 {stop}"], []),
        ("sms", "sales", False, ["买 {stop}", "buy"], ["stop"]),
        ("sms", "service", False, ["谢谢"], []),
        ("sms", "survey", True, ["{stop}"], ["link"]),
        ("email", "survey", True, ["{link}"], ["stop"]),
        ("post", "sales", False, ["买"], []),
    ],
)
def test_what_a_text_must_hold(channel, purpose, invites, texts, missing):
    assert missing_fields(channel=channel, purpose=purpose, invites=invites, texts=texts) == missing


def test_golden_signature():
    """The vector was computed once with openssl dgst -sha256 -hmac secret."""
    assert signature("secret", "msg_1", 1_772_589_600, b"{}") == (
        "v1,7wxZbwIAHuAdWE2YPDZL37T70w3XhjMeyHKVBRd2xFI="
    )


def checked(**changes):
    body, moment = b'{"a": 1}', int(NOW.timestamp())
    given_ = {
        "message_id": "m1",
        "timestamp": str(moment),
        "signatures": signature("old", "m1", moment, body),
        "body": body,
        "now": NOW,
    }
    return verify(["new", "old"], **given_ | changes)


def test_signature_of_either_key_passes():
    checked()
    moment = int(NOW.timestamp())
    checked(signatures="v1,AAAA " + signature("new", "m1", moment, b'{"a": 1}'))
    checked(now=NOW + timedelta(seconds=300))
    checked(now=NOW - timedelta(seconds=300))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": b'{"a":1}'}, "signature"),
        ({"message_id": "m2"}, "signature"),
        ({"signatures": ""}, "missing"),
        ({"message_id": ""}, "missing"),
        ({"message_id": "x" * 121}, "missing"),
        ({"signatures": "v1,AAAA"}, "signature"),
        ({"signatures": "v1,é"}, "signature"),
        ({"timestamp": "soon"}, "time"),
        ({"timestamp": "1" * 13}, "time"),
        ({"timestamp": "-5"}, "time"),
        ({"now": NOW + timedelta(seconds=301)}, "time"),
        ({"now": NOW - timedelta(seconds=301)}, "time"),
    ],
)
def test_anything_else_does_not_pass(changes, code):
    with pytest.raises(BadSignature) as wrong:
        checked(**changes)
    assert wrong.value.code == code


def test_without_keys_nothing_passes():
    with pytest.raises(BadSignature):
        verify([""], message_id="m", timestamp="1", signatures="v1,x", body=b"", now=NOW)


def test_back_off_grows_and_ends():
    assert [next_attempt(tries, NOW) - NOW for tries in range(1, len(BACK_OFF) + 1)] == list(BACK_OFF)
    assert sorted(BACK_OFF) == list(BACK_OFF)
    assert next_attempt(len(BACK_OFF) + 1, NOW) is None


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("DELIVRD", ARRIVED),
        ("delivered", ARRIVED),
        ("UNDELIV", LOST),
        ("EXPIRED", LOST),
        ("ENROUTE", ""),
        ("", ""),
    ],
)
def test_words_of_receipts(word, verdict):
    assert verdict_of(word) == verdict
