"""What a file claiming to be a recording is, without a database (CB-13, reliability I-06)."""

import io
import random
from decimal import Decimal

import pytest

from callbacks.rules.audio import NotAudio, examine
from callbacks.tests.sounds import archive, mp3, ogg_page, opus, wav, wav_of


def told(data):
    return examine(io.BytesIO(data), len(data))


def refused(data):
    with pytest.raises(NotAudio) as refusal:
        told(data)
    return refusal.value.code


@pytest.mark.parametrize(
    ("data", "kind", "seconds", "rate"),
    [
        (wav(2), "wav", "2.000", 8_000),
        (wav_of(6), "wav", "0.100", 8_000),
        (wav_of(7), "wav", "0.100", 8_000),
        (wav_of(3, bits=32), "wav", "0.025", 8_000),
        (wav_of(7) + b"\0", "wav", "0.100", 8_000),
        (mp3(), "mp3", "1.440", 16_000),
        (mp3(tag=b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)), "mp3", "1.440", 16_000),
        (mp3(tail=b"TAG" + bytes(125)), "mp3", "1.440", 16_000),
        (mp3(tail=mp3(1)[:90]), "mp3", "1.440", 16_000),
        (opus(3), "ogg", "3.000", 48_000),
    ],
)
def test_sounds_are_recognised_with_their_length(data, kind, seconds, rate):
    audio = told(data)
    assert (audio.kind, audio.seconds, audio.rate) == (kind, Decimal(seconds), rate)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"abc", "unknown"),
        (archive(), "unknown"),
        (b"<!doctype html><script>alert(1)</script>" * 20, "unknown"),
        (b"MZ\x90\0" + bytes(500), "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (wav(1)[:-100], "truncated"),
        (wav(1) + archive(), "trailing"),
        (wav(1) + b"<html><script>alert(1)</script>", "trailing"),
        (wav_of(1, bits=16, promised=2**31, length=2**31), "truncated"),
        (wav_of(1, bits=16, promised=2**32 - 1, length=2**32 - 1), "truncated"),
        (wav_of(1, bits=16, length=2**31), "truncated"),
        (wav_of(1, b"", bits=16), "empty"),
        (wav_of(1, bits=16, rate=0), "broken"),
        (wav_of(1, bits=16, rate=4_000_000_000), "broken"),
        (wav_of(1, bits=16, channels=0), "broken"),
        (wav_of(1, bits=16, channels=9), "broken"),
        (wav_of(1, bits=13), "broken"),
        (wav_of(49), "coding"),
        (wav_of(0x55), "coding"),
        (b"RIFF\x04\0\0\0WAVE", "broken"),
        (b"RIFF\x24\0\0\0AVI LIST" + bytes(28), "unknown"),
        (mp3() + archive(), "trailing"),
        (mp3(2), "truncated"),
        (mp3()[:400] + bytes(2_000), "trailing"),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(50), "broken"),
        (b"\xff\xfb" * 4, "unknown"),
        (opus(3)[:-1], "truncated"),
        (opus(3) + b"OggS", "trailing"),
        (opus(3) + opus(3), "trailing"),
        (opus(3).replace(b"OpusTags", b"OpusTagz"), "broken"),
        (ogg_page(b"\x80theora" + bytes(40), number=0, flags=2), "coding"),
        (ogg_page(b"OpusHead", number=0, flags=2), "coding"),
        (ogg_page(b"x", number=0), "broken"),
    ],
)
def test_liars_are_refused_with_what_is_wrong(data, code):
    assert refused(data) == code


def test_no_bytes_whatever_do_more_than_be_refused():
    dice = random.Random(13)
    sources = [wav(0.2), mp3(6), opus(1), wav_of(6)]
    outcomes = set()
    for _turn in range(3_000):
        data = bytearray(dice.choice(sources))
        for _change in range(dice.randint(1, 6)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        data = bytes(data[: dice.randint(1, len(data))]) if dice.random() < 0.3 else bytes(data)
        try:
            outcomes.add(told(data).kind)
        except NotAudio as refusal:
            outcomes.add(refusal.code)
    assert {"wav", "broken", "truncated"} <= outcomes
