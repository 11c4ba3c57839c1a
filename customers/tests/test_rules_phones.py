"""Phone numbers without a database: what is taken, what is refused and why, how a number is shown and hidden."""

import math
import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customers.rules.phones import MESSAGES, Phone, PhoneError, PhoneRejected, display, mask, normalise

MOBILE = Phone("+8613800138000", "", "mobile", "CN")


def code_of(raw, region="CN"):
    with pytest.raises(PhoneRejected) as caught:
        normalise(raw, region)
    assert caught.value.message == MESSAGES[caught.value.code]
    return caught.value.code


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        13800138000,
        13800138000.0,
        Decimal("13800138000.0"),
        "13800138000.0",
        " 138 0013 8000 ",
        "138-0013-8000",
        "1380013-8000",
        "１３８００１３８０００",
        "１３８－００１３－８０００",
        "+86 13800138000",
        "＋86 138 0013 8000",
        "(+86)13800138000",
        "86-13800138000",
        "8613800138000",
        "008613800138000",
        "0086 0138 0013 8000",
        "013800138000",
        "17951 13800138000",
        "17951013800138000",
        "1259313800138000",
        "tel:+86-138-0013-8000",
        "'13800138000",
        "\u202d13800138000\u202c",
        "138\u00a00013\u30008000",
        "138—0013–8000",
        "13800138000\n",
        "١٣٨٠٠١٣٨٠٠٠",
    ],
)
def test_mobile_is_normalised(raw):
    assert normalise(raw) == MOBILE


@pytest.mark.parametrize(
    ("raw", "e164", "extension"),
    [
        ("0571-88888888", "+8657188888888", ""),
        ("(0571)88888888", "+8657188888888", ""),
        ("（0571）8888 8888", "+8657188888888", ""),
        ("057188888888", "+8657188888888", ""),
        ("+86 571 88888888", "+8657188888888", ""),
        ("+86(0)571 88888888", "+8657188888888", ""),
        ("0086-0571-88888888", "+8657188888888", ""),
        ("8657188888888", "+8657188888888", ""),
        ("010-66668888", "+861066668888", ""),
        ("0756-1234567", "+867561234567", ""),
        ("17909 010 66668888", "+861066668888", ""),
        ("0571-88888888-8001", "+8657188888888", "8001"),
        ("0571-88888888转8001", "+8657188888888", "8001"),
        ("0571-88888888 轉 8001", "+8657188888888", "8001"),
        ("0571-88888888分机：8001", "+8657188888888", "8001"),
        ("0571-88888888 ext. 8001", "+8657188888888", "8001"),
        ("(0571)88888888 x8001", "+8657188888888", "8001"),
        ("+8657188888888;ext=8001", "+8657188888888", "8001"),
        ("0571-88888888#1", "+8657188888888", "1"),
        ("０５７１－８８８８８８８８－８００１", "+8657188888888", "8001"),
    ],
)
def test_landline_is_normalised_with_its_extension(raw, e164, extension):
    assert normalise(raw) == Phone(e164, extension, "landline", "CN")


def test_mobile_may_have_an_extension():
    assert normalise("13800138000转1234") == Phone("+8613800138000", "1234", "mobile", "CN")
    assert normalise("13800138000-1234") == Phone("+8613800138000", "1234", "mobile", "CN")


@pytest.mark.parametrize(
    "raw", ["95588", "10086", 10086, "12345", "+86 95588", "400-888-8888", "4008888888", "800 810 1234"]
)
def test_service_number_is_kept(raw):
    phone = normalise(raw)
    assert phone.kind == "service"
    assert phone.e164 == "+86" + re.sub(r"\D", "", str(raw)).removeprefix("86")


@pytest.mark.parametrize(
    ("raw", "region", "e164", "kind"),
    [
        ("9123 4567", "HK", "+85291234567", "mobile"),
        ("2345 6789", "HK", "+85223456789", "landline"),
        ("+852 9123 4567", "CN", "+85291234567", "mobile"),
        ("00852 91234567", "CN", "+85291234567", "mobile"),
        ("6612 3456", "MO", "+85366123456", "mobile"),
        ("0912-345-678", "TW", "+886912345678", "mobile"),
        ("02-2345-6789", "TW", "+886223456789", "landline"),
        ("+886 912 345 678", "CN", "+886912345678", "mobile"),
        ("886912345678", "TW", "+886912345678", "mobile"),
        ("+86 13800138000", "HK", "+8613800138000", "mobile"),
        ("+1 212-555-1234", "CN", "+12125551234", "foreign"),
        ("+44 (0)20 7946 0958", "CN", "+442079460958", "foreign"),
        ("+49 30 123456-78", "CN", "+493012345678", "foreign"),
    ],
)
def test_region_decides_what_a_bare_number_means(raw, region, e164, kind):
    phone = normalise(raw, region)
    assert (phone.e164, phone.kind) == (e164, kind)


def test_extension_outside_the_mainland():
    assert normalise("2345 6789-123", "HK") == Phone("+85223456789", "123", "landline", "HK")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, PhoneError.EMPTY),
        ("", PhoneError.EMPTY),
        (" \u3000\u200b", PhoneError.EMPTY),
        ("abc", PhoneError.LETTERS),
        ("138****8000", PhoneError.LETTERS),
        ("l3800138000", PhoneError.LETTERS),
        ("138\x0000138000", PhoneError.LETTERS),
        ("=13800138000", PhoneError.LETTERS),
        ("😀", PhoneError.LETTERS),
        ("++8613800138000", PhoneError.LETTERS),
        ("110", PhoneError.TOO_SHORT),
        ("88888888", PhoneError.TOO_SHORT),
        ("1380013800", PhoneError.TOO_SHORT),
        ("138001380001", PhoneError.TOO_LONG),
        ("330106199001011234", PhoneError.TOO_LONG),
        (10**19 + 1, PhoneError.TOO_LONG),
        (10**400, PhoneError.TOO_LONG),
        ("1" * 5000, PhoneError.TOO_LONG),
        ("0571-88888888转12345678", PhoneError.TOO_LONG),
        ("1.38E+10", PhoneError.SCIENTIFIC),
        ("1.38e10", PhoneError.SCIENTIFIC),
        ("１.３８Ｅ＋１０", PhoneError.SCIENTIFIC),
        ("13800138000/13900139000", PhoneError.SEVERAL),
        ("13800138000,13900139000", PhoneError.SEVERAL),
        ("13800138000、13900139000", PhoneError.SEVERAL),
        ("13800138000；0571-88888888", PhoneError.SEVERAL),
        ("13800138000\r\n13900139000", PhoneError.SEVERAL),
        ("13800138000或13900139000", PhoneError.SEVERAL),
        ("13800138000 13900139000", PhoneError.SEVERAL),
        ("13800138000-13900139000", PhoneError.SEVERAL),
        ("1380013800013900139000", PhoneError.SEVERAL),
        ("0571-88888888/9", PhoneError.SEVERAL),
        ("57188888888", PhoneError.LOST_ZERO),
        ("1088888888", PhoneError.LOST_ZERO),
        (1088888888, PhoneError.LOST_ZERO),
        (57188888888.0, PhoneError.LOST_ZERO),
        ("000000000000", PhoneError.INVALID),
        ("0999-88888888", PhoneError.INVALID),
        ("+999123456", PhoneError.INVALID),
        (13800138000.5, PhoneError.INVALID),
        (-13800138000, PhoneError.INVALID),
        (math.nan, PhoneError.INVALID),
        (math.inf, PhoneError.INVALID),
        (Decimal("NaN"), PhoneError.INVALID),
        (True, PhoneError.INVALID),
        ([13800138000], PhoneError.INVALID),
        ("+", PhoneError.INVALID),
    ],
)
def test_bad_value_is_refused_with_its_reason(raw, code):
    assert code_of(raw) == code


def test_lost_zero_is_noticed_in_taiwan_too():
    assert code_of("912345678", "TW") == PhoneError.LOST_ZERO


def test_bare_mainland_number_is_not_guessed_elsewhere():
    assert code_of("13800138000", "HK") in {PhoneError.TOO_LONG, PhoneError.INVALID}
    assert code_of("13800138000", "no such country") == PhoneError.INVALID


@pytest.mark.parametrize(
    ("e164", "masked", "shown"),
    [
        ("+8613800138000", "138****8000", "138 0013 8000"),
        ("+8657188888888", "0571-****8888", "0571-8888 8888"),
        ("+867561234567", "0756-***4567", "0756-123 4567"),
        ("+861066668888", "010-****8888", "010-6666 8888"),
        ("+864008888888", "400-***-8888", "400-888-8888"),
        ("+8695588", "95588", "95588"),
        ("+85291234567", "91****67", "9123 4567"),
        ("+85366123456", "66****56", "6612 3456"),
        ("+886912345678", "0912-***-*78", "0912-345-678"),
        ("+886223456789", "02-****6789", "02-2345-6789"),
        ("+12125551234", "+1 212****234", "+1 212-555-1234"),
        ("", "", ""),
        ("abc", "***", "abc"),
        ("123", "***", "123"),
    ],
)
def test_number_is_masked_and_shown(e164, masked, shown):
    assert mask(e164) == masked
    assert display(e164) == shown


def test_extension_is_shown_after_a_dash():
    assert display("+8657188888888", "8001") == "0571-8888 8888-8001"


mobiles = st.builds(
    "{}{:08}".format,
    st.sampled_from(
        [*range(130, 140), *range(150, 154), *range(155, 160), *range(180, 190), 166, 191, 193, 195, 199]
    ),
    st.integers(0, 99_999_999),
)
landlines = st.builds(
    "{}{}{:07}".format,
    st.sampled_from(["10", "20", "21", "571", "755", "28"]),
    st.sampled_from("2356"),
    st.integers(0, 9_999_999),
)
prefixes = st.sampled_from(["", "+86", "+86 ", "0086", "0086-", "86", "(+86)", "17951"])
gaps = st.lists(st.sampled_from(["", "", " ", "-", "\u3000", "－"]), min_size=11, max_size=11)


@settings(max_examples=10_000, deadline=None)
@given(mobiles, prefixes, gaps, st.booleans())
def test_every_way_to_write_a_mobile_gives_the_same_number(digits, prefix, spaces, full_width):
    # The last four digits stay together with those before: a dash before them alone would begin an extension.
    written = (
        prefix
        + "".join(digit + gap for digit, gap in zip(digits[:7], spaces, strict=False)).rstrip("-－ \u3000")
        + digits[7:]
    )
    if full_width:
        written = written.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert normalise(written) == Phone(f"+86{digits}", "", "mobile", "CN")


@settings(max_examples=10_000, deadline=None)
@given(mobiles | landlines, st.just("") | st.from_regex(r"\A[1-9][0-9]{0,5}\Z"))
def test_shown_number_reads_back_as_itself(national, extension):
    phone = normalise(f"+86{national}")
    assert phone.e164 == f"+86{national}"
    again = normalise(display(phone.e164, extension))
    assert (again.e164, again.extension) == (phone.e164, extension)
    assert normalise(phone.e164) == phone


@settings(max_examples=2_000, deadline=None)
@given(mobiles | landlines)
def test_mask_hides_four_digits_and_keeps_the_last_four(national):
    hidden = mask(f"+86{national}")
    assert hidden.count("*") >= 4
    assert hidden.endswith(national[-4:])
    assert national not in re.sub(r"\D", "", hidden)


anything = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789+-() ./转x,;eE０１９、\n\x00", max_size=40),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.none(),
    st.booleans(),
    st.binary(max_size=4),
)


@settings(max_examples=3_000, deadline=None)
@example(Decimal("1E+999999999"), "CN")
@example(Decimal("sNaN"), "CN")
@given(anything, st.sampled_from(["CN", "HK", "MO", "TW", "US", "", "??"]))
def test_nothing_but_a_named_reason_comes_of_rubbish(raw, region):
    try:
        phone = normalise(raw, region)
    except PhoneRejected as rejected:
        MESSAGES[rejected.code]  # a reason that has no message is a bug
    else:
        assert re.fullmatch(r"\+\d{7,17}", phone.e164)
        assert re.fullmatch(r"\d{0,6}", phone.extension)
        assert display(phone.e164)


@settings(max_examples=2_000, deadline=None)
@given(st.text(max_size=30))
def test_mask_never_shows_all_of_what_it_does_not_know(text):
    digits = "".join(char for char in text if char.isdigit())
    shown = mask(text)
    if digits and not re.fullmatch(r"\+86\d{5,8}", text):
        assert "*" in shown
