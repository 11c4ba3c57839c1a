"""May this customer be contacted now? Each rule alone, every pair, all borders; no database (CUS-6 … CUS-8, domain.md 8.5)."""

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.workdays import DayException, WorkCalendar
from customers.rules.contact import (
    DEFAULT_WINDOWS,
    REASON_TEXTS,
    AgreedTime,
    BlacklistFact,
    CallingHours,
    Cap,
    ConsentFact,
    ContactFacts,
    ContactRequest,
    ContactRules,
    Hold,
    OtherAgent,
    ReasonCode,
    TaskConditions,
    WindowRule,
    may_contact,
    read_ranges,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFICE = ((time(9), time(18)),)


def make_calendar(**exceptions):
    rows = {datetime.strptime(key, "d%Y%m%d").date(): DayException(kind) for key, kind in exceptions.items()}
    return WorkCalendar("Asia/Shanghai", (OFFICE,) * 5 + ((), ()), rows)


def make_hours(*rules, **exceptions):
    return CallingHours(tuple(rules) or DEFAULT_WINDOWS, make_calendar(**exceptions))


FACTS = ContactFacts(
    zone="Asia/Shanghai",
    regions=("CN-ZJ", "CN"),
    consents=(ConsentFact("phone", "", granted=True, at=NOW - 90 * DAY),),
)
REQUEST = ContactRequest("phone", "service", client_id=1, campaign_code="care", number="+8613800138000")
RULES = ContactRules()
HOURS = make_hours()
TASK = TaskConditions(attempts=1, attempts_max=3, not_before=NOW - DAY, deadline=NOW + 7 * DAY)


def ask(*, facts=FACTS, request=REQUEST, hours=HOURS, rules=RULES, task=TASK, now=NOW):
    return may_contact(facts=facts, request=request, hours=hours, rules=rules, task=task, now=now)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# What is changed, and when the reason is over by itself (None: never).
ALONE = {
    ReasonCode.NO_PURPOSE: ({"request": {"purpose": ""}}, None),
    ReasonCode.NO_CONSENT: ({"facts": {"consents": ()}}, None),
    ReasonCode.CUSTOMER_RESTRICTED: ({"facts": {"restriction": "erased"}}, None),
    ReasonCode.NUMBER_CLOSED: ({"facts": {"number_state": "empty"}}, None),
    ReasonCode.CAMPAIGN_CLOSED: ({"task": {"campaign_open": False}}, None),
    ReasonCode.TASK_CLOSED: ({"task": {"closed": True}}, None),
    ReasonCode.ATTEMPTS_USED: ({"task": {"attempts": 3}}, None),
    ReasonCode.WINDOW_OVER: ({"task": {"deadline": NOW}}, None),
    ReasonCode.BLACKLISTED: (
        {"facts": {"blacklist": (BlacklistFact(category="complaint", expires_at=NOW + 3 * HOUR),)}},
        NOW + 3 * HOUR,
    ),
    ReasonCode.REFUSED: (
        {"facts": {"refusals": {"": NOW + 5 * HOUR, "service": NOW + 5 * HOUR}}},
        NOW + 5 * HOUR,
    ),
    ReasonCode.NOT_YET: ({"task": {"not_before": NOW + HOUR}}, NOW + HOUR),
    ReasonCode.ON_HOLD: ({"task": {"holds": (Hold("level3", NOW + 2 * HOUR),)}}, NOW + 2 * HOUR),
    ReasonCode.OTHER_AGENT: (
        {"task": {"other_agent": OtherAgent("an agent", NOW + timedelta(seconds=90))}},
        NOW + timedelta(seconds=90),
    ),
    ReasonCode.BEFORE_APPOINTMENT: (
        {"task": {"agreed": AgreedTime(NOW + 4 * HOUR, recorded=False)}},
        NOW + 4 * HOUR - timedelta(minutes=10),
    ),
    ReasonCode.OUTSIDE_HOURS: (
        {"hours": make_hours(WindowRule(((time(13, 30), time(16, 30)),)))},
        local("2026-11-24 13:30"),
    ),
    ReasonCode.CAMPAIGN_HOURS: (
        {"task": {"campaign_hours": (time(15), time(16, 30))}},
        local("2026-11-24 15:00"),
    ),
    ReasonCode.REST_HOURS: (
        {"facts": {"rest_hours": ((time(9, 30), time(14)),)}},
        local("2026-11-24 14:00"),
    ),
    ReasonCode.DAY_CAP: (
        {"facts": {"contacts": [NOW - n * HOUR for n in (1, 2, 3, 4, 23)]}},
        NOW + HOUR,
    ),
    ReasonCode.RECENT_CONTACT: (
        {"facts": {"last_completed_at": NOW - 2 * DAY - 18 * HOUR}, "rules": {"gap_days": 3}},
        NOW + 6 * HOUR,
    ),
}
EXTRA = {
    ReasonCode.CONSENT_WITHDRAWN: (
        {"facts": {"consents": (*FACTS.consents, ConsentFact("phone", "", granted=False, at=NOW))}},
        None,
    ),
    ReasonCode.NO_NUMBER: ({"facts": {"number_state": ""}}, None),
    ReasonCode.CLOSED_DAY: (
        {"hours": make_hours(*DEFAULT_WINDOWS, WindowRule((), day_type="holiday"), d20261124="holiday")},
        local("2026-11-25 08:00"),
    ),
    ReasonCode.BURST_CAP: (
        {"facts": {"contacts": [NOW - timedelta(seconds=n) for n in (10, 60, 240)]}},
        NOW + timedelta(seconds=60),
    ),
}


EVERY = {**ALONE, **EXTRA}
# One customer cannot be both, or both speak of the same contacts.
EXCLUSIVE = {
    frozenset(pair)
    for pair in (
        (ReasonCode.NO_CONSENT, ReasonCode.CONSENT_WITHDRAWN),
        (ReasonCode.NO_NUMBER, ReasonCode.NUMBER_CLOSED),
        (ReasonCode.CLOSED_DAY, ReasonCode.OUTSIDE_HOURS),
        (ReasonCode.DAY_CAP, ReasonCode.BURST_CAP),
    )
}
PAIRS = [pair for pair in itertools.combinations(EVERY, 2) if frozenset(pair) not in EXCLUSIVE]


def changed(*changes):
    """The permitted case with some of its parts replaced."""
    parts = {"facts": FACTS, "request": REQUEST, "hours": HOURS, "rules": RULES, "task": TASK}
    for change in changes:
        for part, values in change.items():
            parts[part] = values if part == "hours" else replace(parts[part], **values)
    return parts


def test_permitted_case_has_no_reason():
    decision = ask()
    assert decision.allowed
    assert decision.reasons == ()
    assert decision.next_at == NOW


@pytest.mark.parametrize("code", EVERY)
def test_each_reason_alone(code):
    change, until = EVERY[code]
    decision = ask(**changed(change))
    assert not decision.allowed
    assert decision.codes == (code,)
    assert decision.reasons[0].until == until
    assert decision.next_at == until
    REASON_TEXTS[code] % decision.reasons[0].params  # the words find all their values


def test_every_code_is_tested_and_has_words():
    codes = {value for name, value in vars(ReasonCode).items() if name.isupper()}
    assert codes == {*ALONE, *EXTRA, ReasonCode.NO_TIME_LEFT} == set(REASON_TEXTS)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_every_pair_names_both_and_waits_for_both(first, second):
    (change, until), (other_change, other_until) = EVERY[first], EVERY[second]
    parts = changed(change, other_change)
    decision = ask(**parts)
    assert set(decision.codes) == {first, second}
    if until is None or other_until is None:
        assert decision.next_at is None
        return
    assert decision.next_at >= max(until, other_until)
    assert ask(**parts, now=decision.next_at).allowed
    assert not ask(**parts, now=decision.next_at - timedelta(microseconds=1)).allowed


def test_all_reasons_at_once_are_all_named():
    decision = ask(**changed(*(change for change, _until in ALONE.values())))
    assert set(decision.codes) == set(ALONE)
    assert decision.next_at is None


@pytest.mark.parametrize(
    ("clock", "purpose", "regions", "allowed"),
    [
        ("07:59:59.999999", "service", (), False),
        ("08:00:00", "service", (), True),
        ("20:59:59.999999", "service", (), True),
        ("21:00:00", "service", (), False),
        ("00:00:00", "service", (), False),
        ("23:59:59", "service", (), False),
        ("08:59:59", "sales", (), False),
        ("09:00:00", "sales", (), True),
        ("20:59:59", "sales", (), True),
        ("09:59:59", "service", ("CN-XJ", "CN"), False),
        ("10:00:00", "service", ("CN-XJ", "CN"), True),
        ("22:59:59", "service", ("CN-XJ", "CN"), True),
        ("23:00:00", "service", ("CN-XJ", "CN"), False),
        ("10:30:00", "service", ("650100", "CN-XJ", "CN"), True),
        ("10:30:00", "sales", ("CN-XZ", "CN"), False),
        ("11:00:00", "sales", ("CN-XZ", "CN"), True),
        # The later evening of the west is not for sales: none from 21:00 to 09:00, without exception.
        ("20:59:59.999999", "sales", ("CN-XZ", "CN"), True),
        ("21:00:00", "sales", ("CN-XZ", "CN"), False),
        ("21:00:00", "sales", ("650100", "CN-XJ", "CN"), False),
        ("22:59:59", "sales", ("CN-XJ", "CN"), False),
        ("22:59:59", "survey", ("CN-XJ", "CN"), True),
    ],
)
def test_borders_of_the_calling_hours(clock, purpose, regions, allowed):
    decision = ask(
        facts=replace(FACTS, regions=regions),
        request=replace(REQUEST, purpose=purpose),
        now=local(f"2026-11-24 {clock}"),
    )
    assert decision.allowed is allowed
    assert allowed or decision.codes == (ReasonCode.OUTSIDE_HOURS,)


def test_hours_follow_the_customers_clock_not_utc():
    new_york = replace(FACTS, zone="America/New_York")
    assert ask(facts=new_york, now=datetime(2026, 11, 24, 13, 0, tzinfo=UTC)).allowed
    assert not ask(facts=new_york, now=datetime(2026, 11, 24, 12, 59, tzinfo=UTC)).allowed
    summer_time = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)
    assert ask(facts=new_york, task=TaskConditions(), now=summer_time).allowed


def test_next_instant_crosses_midnight_and_holidays():
    hours = make_hours(*DEFAULT_WINDOWS, WindowRule((), day_type="holiday"), d20261125="holiday")
    decision = ask(hours=hours, now=local("2026-11-24 21:00"))
    assert decision.next_at == local("2026-11-26 08:00")
    assert ask(hours=hours, now=local("2026-11-25 00:30")).codes == (ReasonCode.CLOSED_DAY,)


def test_window_over_midnight_belongs_to_the_day_it_starts():
    hours = make_hours(
        WindowRule(((time(22), time(2)),)), WindowRule((), day_type="holiday"), d20261125="holiday"
    )
    assert ask(hours=hours, now=local("2026-11-25 01:59")).allowed, "began the evening before"
    assert not ask(hours=hours, now=local("2026-11-25 22:00")).allowed
    assert ask(hours=hours, now=local("2026-11-25 02:00")).next_at == local("2026-11-26 22:00")


def test_sales_never_from_nine_in_the_evening_to_nine_in_the_morning():
    """Every minute of a day, in every shipped region: the insurance rule knows no exception (domain.md section 2)."""
    sales = replace(REQUEST, purpose="sales")
    for regions in ((), ("CN-ZJ", "CN"), ("CN-XJ", "CN"), ("540100", "CN-XZ", "CN")):
        facts = replace(FACTS, regions=regions)
        for minute in range(0, 24 * 60):
            now = local("2026-11-24 00:00") + timedelta(minutes=minute)
            if ask(facts=facts, request=sales, task=TaskConditions(), now=now).allowed:
                assert time(9) <= now.time() < time(21), (regions, now)


def test_two_ranges_a_day_leave_the_midday_break():
    hours = make_hours(WindowRule(((time(9), time(11, 30)), (time(13, 30), time(18)))))
    assert ask(hours=hours, now=local("2026-11-24 11:29:59")).allowed
    noon = ask(hours=hours, now=local("2026-11-24 11:30"))
    assert (noon.codes, noon.next_at) == ((ReasonCode.OUTSIDE_HOURS,), local("2026-11-24 13:30"))
    assert ask(hours=hours, now=local("2026-11-24 13:30")).allowed


def test_make_up_workday_has_the_hours_of_a_working_day():
    weekend = WindowRule(((time(10), time(18)),), day_type="weekend")
    saturday = local("2026-11-28 08:30")
    assert not ask(hours=make_hours(*DEFAULT_WINDOWS, weekend), now=saturday).allowed
    assert ask(hours=make_hours(*DEFAULT_WINDOWS, weekend, d20261128="workday"), now=saturday).allowed


def test_day_type_beats_region_beats_purpose():
    rules = (
        WindowRule(((time(8), time(9)),)),
        WindowRule(((time(9), time(10)),), purpose="service"),
        WindowRule(((time(10), time(11)),), region="CN"),
        WindowRule(((time(11), time(12)),), region="CN-ZJ"),
        WindowRule(((time(12), time(13)),), day_type="holiday"),
    )
    hours = make_hours(*rules, d20261125="holiday")
    tuesday, holiday = date(2026, 11, 24), date(2026, 11, 25)
    assert hours.ranges_on(tuesday, "sales", ()) == rules[0].ranges
    assert hours.ranges_on(tuesday, "service", ()) == rules[1].ranges
    assert hours.ranges_on(tuesday, "service", ("CN-BJ", "CN")) == rules[2].ranges
    assert hours.ranges_on(tuesday, "service", ("CN-ZJ", "CN")) == rules[3].ranges
    assert hours.ranges_on(holiday, "service", ("CN-ZJ", "CN")) == rules[4].ranges


def test_without_any_window_nobody_is_called():
    decision = ask(hours=CallingHours((), make_calendar()))
    assert decision.codes == (ReasonCode.CLOSED_DAY,)
    assert decision.next_at is None


def test_rest_hours_cross_midnight():
    night_worker = replace(FACTS, rest_hours=((time(20), time(11)),))
    assert ask(facts=night_worker, now=local("2026-11-24 10:59")).codes == (ReasonCode.REST_HOURS,)
    assert ask(facts=night_worker, now=local("2026-11-24 11:00")).allowed
    late = ask(facts=night_worker, now=local("2026-11-24 21:30"))
    assert set(late.codes) == {ReasonCode.OUTSIDE_HOURS, ReasonCode.REST_HOURS}
    assert late.next_at == local("2026-11-25 11:00")


def test_rest_and_hours_that_leave_no_moment_are_permanent():
    never = replace(FACTS, rest_hours=((time(8), time(21)),))
    decision = ask(facts=never, task=replace(TASK, deadline=None))
    assert decision.codes == (ReasonCode.REST_HOURS,)
    assert decision.next_at is None


def test_deadline_before_the_next_permitted_instant_is_named():
    task = replace(TASK, deadline=local("2026-11-25 08:00"))
    decision = ask(task=task, now=local("2026-11-24 21:00"))
    assert decision.codes == (ReasonCode.OUTSIDE_HOURS, ReasonCode.NO_TIME_LEFT)
    assert decision.next_at is None
    later = ask(task=replace(TASK, deadline=local("2026-11-25 08:01")), now=local("2026-11-24 21:00"))
    assert later.next_at == local("2026-11-25 08:00")


def test_window_of_the_task_is_half_open():
    task = replace(TASK, not_before=NOW, deadline=NOW + HOUR)
    assert ask(task=task).allowed
    assert ask(task=task, now=NOW - timedelta(microseconds=1)).codes == (ReasonCode.NOT_YET,)
    assert ask(task=task, now=NOW + HOUR).codes == (ReasonCode.WINDOW_OVER,)


@pytest.mark.parametrize(
    ("consents", "codes"),
    [
        ((("phone", "service", True, 2),), ()),
        ((("phone", "sales", True, 2),), (ReasonCode.NO_CONSENT,)),
        ((("sms", "service", True, 2),), (ReasonCode.NO_CONSENT,)),
        ((("phone", "", True, 2), ("phone", "service", False, 1)), (ReasonCode.CONSENT_WITHDRAWN,)),
        ((("phone", "service", True, 2), ("phone", "", False, 1)), (ReasonCode.CONSENT_WITHDRAWN,)),
        ((("phone", "service", True, 1), ("phone", "service", False, 2)), ()),
        ((("phone", "", True, 2), ("phone", "sales", False, 1)), ()),
        ((("phone", "", True, 2), ("phone", "", False, 2)), (ReasonCode.CONSENT_WITHDRAWN,)),
        ((("phone", "", True, -1),), (ReasonCode.NO_CONSENT,)),
    ],
)
def test_latest_word_on_consent_counts(consents, codes):
    rows = tuple(
        ConsentFact(channel, purpose, yes, NOW - days * DAY) for channel, purpose, yes, days in consents
    )
    for order in itertools.permutations(rows):
        assert ask(facts=replace(FACTS, consents=order)).codes == codes


def test_withdrawn_consent_stops_at_once():
    withdrawn = replace(FACTS, consents=(*FACTS.consents, ConsentFact("phone", "", granted=False, at=NOW)))
    assert ask(facts=withdrawn, now=NOW - timedelta(microseconds=1)).allowed
    assert ask(facts=withdrawn, now=NOW).codes == (ReasonCode.CONSENT_WITHDRAWN,)


@pytest.mark.parametrize(
    ("entry", "blocked"),
    [
        (BlacklistFact(), True),
        (BlacklistFact(expires_at=NOW + HOUR), True),
        (BlacklistFact(expires_at=NOW), False),
        (BlacklistFact(expires_at=NOW - DAY), False),
        (BlacklistFact(number="+8613800138000"), True),
        (BlacklistFact(number="+8613900139000"), False),
        (BlacklistFact(client_id=1), True),
        (BlacklistFact(client_id=2), False),
        (BlacklistFact(campaign_code="care"), True),
        (BlacklistFact(campaign_code="other"), False),
        (BlacklistFact(purpose="service"), True),
        (BlacklistFact(purpose="sales"), False),
        (BlacklistFact(client_id=1, purpose="sales"), False),
    ],
)
def test_do_not_call_entry_reaches_as_far_as_it_says(entry, blocked):
    decision = ask(facts=replace(FACTS, blacklist=(entry,)))
    assert decision.codes == ((ReasonCode.BLACKLISTED,) if blocked else ())


def test_refusal_is_for_its_purpose_and_time():
    facts = replace(FACTS, refusals={"sales": None, "survey": NOW + 180 * DAY})
    survey = replace(REQUEST, purpose="survey")
    assert ask(facts=facts).allowed
    assert ask(facts=facts, request=replace(REQUEST, purpose="sales")).next_at is None
    assert ask(facts=facts, request=survey, task=TaskConditions()).next_at == NOW + 180 * DAY
    assert ask(facts=facts, request=survey, task=TaskConditions(), now=NOW + 180 * DAY).allowed


def test_caps_roll_and_are_half_open():
    five = replace(FACTS, contacts=[NOW - n * HOUR for n in (24, 23, 22, 21, 20)])
    assert ask(facts=five).allowed, "the oldest is exactly 24 hours old"
    assert ask(facts=five, now=NOW - timedelta(microseconds=1)).codes == (ReasonCode.DAY_CAP,)
    burst = replace(FACTS, contacts=[NOW - timedelta(seconds=n) for n in (300, 200, 100)])
    assert ask(facts=burst).allowed
    assert ask(facts=burst, now=NOW - timedelta(seconds=1)).codes == (ReasonCode.BURST_CAP,)


def test_order_of_the_ledger_does_not_matter():
    contacts = [NOW - n * HOUR for n in (1, 5, 9, 13, 17, 21)]
    results = {
        ask(facts=replace(FACTS, contacts=order)).next_at for order in itertools.permutations(contacts)
    }
    assert results == {local("2026-11-24 17:00")}


def test_key_customers_are_contacted_less():
    twice = replace(FACTS, contacts=[NOW - 2 * HOUR, NOW - 4 * HOUR])
    assert ask(facts=twice).allowed
    key = ask(facts=replace(twice, key_customer=True))
    assert key.codes == (ReasonCode.DAY_CAP,)
    assert key.next_at == local("2026-11-25 08:00"), "06:00 plus the calling hours"


def test_gap_of_key_customers_and_tasks_that_need_none():
    facts = replace(FACTS, last_completed_at=NOW - 4 * DAY)
    rules = ContactRules(gap_days=3, key_gap_days=7)
    assert ask(facts=facts, rules=rules).allowed
    key = replace(facts, key_customer=True)
    assert ask(facts=key, rules=rules).next_at == NOW + 3 * DAY
    assert ask(facts=key, rules=rules, task=replace(TASK, gap_applies=False)).allowed
    assert ask(facts=replace(FACTS, last_completed_at=NOW - 3 * DAY), rules=rules).allowed, "half-open"


def test_cap_of_nothing_forbids():
    decision = ask(rules=ContactRules(caps=(Cap(0, 86_400),)))
    assert decision.codes == (ReasonCode.DAY_CAP,)
    assert decision.next_at is None


def test_recorded_request_opens_hours_and_rest_only():
    late = local("2026-11-24 22:00")
    agreed = AgreedTime(late, recorded=True)
    resting = replace(FACTS, rest_hours=((time(20), time(8)),))
    assert ask(facts=resting, task=replace(TASK, agreed=agreed), now=late).allowed
    assert ask(facts=resting, task=replace(TASK, agreed=agreed), now=late - timedelta(minutes=10)).allowed
    assert not ask(facts=resting, task=replace(TASK, agreed=agreed), now=late + HOUR).allowed
    unrecorded = replace(TASK, agreed=replace(agreed, recorded=False))
    assert set(ask(facts=resting, task=unrecorded, now=late).codes) == {
        ReasonCode.OUTSIDE_HOURS,
        ReasonCode.REST_HOURS,
    }
    listed = replace(FACTS, blacklist=(BlacklistFact(),))
    assert ask(facts=listed, task=replace(TASK, agreed=agreed), now=late).codes == (ReasonCode.BLACKLISTED,)
    capped = replace(FACTS, contacts=[late - n * HOUR for n in range(1, 6)])
    assert ask(facts=capped, task=replace(TASK, agreed=agreed), now=late).codes == (ReasonCode.DAY_CAP,)


def test_next_instant_is_the_agreed_one_when_it_comes_before_the_hours():
    late = local("2026-11-24 22:00")
    task = replace(TASK, agreed=AgreedTime(late, recorded=True))
    evening = ask(task=task, now=local("2026-11-24 21:15"))
    assert set(evening.codes) == {ReasonCode.BEFORE_APPOINTMENT, ReasonCode.OUTSIDE_HOURS}
    assert evening.next_at == late - timedelta(minutes=10)
    unrecorded = replace(TASK, agreed=AgreedTime(late, recorded=False))
    assert ask(task=unrecorded, now=local("2026-11-24 21:15")).next_at == local("2026-11-25 08:00")


@pytest.mark.parametrize("channel", ["email", "post"])
def test_quiet_channels_know_no_hours_but_need_consent(channel):
    request = replace(REQUEST, channel=channel)
    facts = replace(
        FACTS,
        consents=(ConsentFact(channel, "", granted=True, at=NOW - DAY),),
        number_state="",
        rest_hours=((time(0), time(0)),),
    )
    assert ask(facts=facts, request=request, now=local("2026-11-24 03:00")).allowed
    assert ask(facts=replace(facts, consents=()), request=request).codes == (ReasonCode.NO_CONSENT,)


def test_indefinite_hold_has_no_next_instant():
    decision = ask(task=replace(TASK, holds=(Hold("focus"), Hold("level3", NOW + HOUR))))
    assert [reason.params["hold"] for reason in decision.reasons] == ["focus", "level3"]
    assert decision.next_at is None


def test_stored_ranges_are_read():
    assert read_ranges([["09:00", "11:30"], ["22:00", "06:00"]]) == (
        (time(9), time(11, 30)),
        (time(22), time(6)),
    )
    for wrong in ([["09:00"]], [["9", "x"]], [["25:00", "26:00"]]):
        with pytest.raises(ValueError):
            read_ranges(wrong)


def test_random_instants_never_slip_through():
    """20,000 random instants against a plain reading of the clock: no contact at night, at rest or on a closed day."""
    rng = random.Random(20261124)
    hours = make_hours(
        *DEFAULT_WINDOWS, WindowRule((), day_type="holiday"), d20261001="holiday", d20261002="holiday"
    )
    facts = replace(FACTS, rest_hours=((time(12), time(14)), (time(20), time(8))))
    allowed = 0
    for _round in range(20_000):
        now = local("2026-09-28 00:00") + timedelta(seconds=rng.randrange(7 * 86_400))
        clock, day = now.time(), now.date()
        awake = time(8) <= clock < time(12) or time(14) <= clock < time(20)
        expected = awake and day not in (date(2026, 10, 1), date(2026, 10, 2))
        decision = ask(facts=facts, hours=hours, task=TaskConditions(), now=now)
        assert decision.allowed is expected, now
        allowed += expected
    assert 5_000 < allowed < 15_000


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
spans = st.lists(st.tuples(clocks, clocks), max_size=2).map(tuple)
moments = st.integers(-3 * 86_400, 5 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds))


@settings(max_examples=400, deadline=None)
@given(
    facts=st.builds(
        ContactFacts,
        zone=st.sampled_from(["Asia/Shanghai", "America/New_York"]),
        consents=st.just((ConsentFact("phone", "", granted=True, at=NOW - 90 * DAY),)),
        blacklist=st.lists(st.builds(BlacklistFact, expires_at=moments), max_size=1),
        rest_hours=spans,
        contacts=st.lists(moments, max_size=8),
        last_completed_at=st.none() | moments,
    ),
    windows=spans,
    task=st.builds(
        TaskConditions,
        not_before=st.none() | moments,
        deadline=st.none() | moments,
        agreed=st.none() | st.builds(AgreedTime, moments, recorded=st.booleans()),
    ),
    now=moments,
)
def test_next_instant_is_allowed_and_the_first_such(facts, windows, task, now):
    parts = {
        "facts": facts,
        "hours": make_hours(WindowRule(windows)),
        "rules": ContactRules(gap_days=1),
        "task": task,
    }
    decision = ask(**parts, now=now)
    assert decision.allowed == (not decision.reasons)
    if decision.next_at is None:
        return
    assert decision.next_at >= now
    assert ask(**parts, now=decision.next_at).allowed
    if decision.next_at > now:
        minutes = int((decision.next_at - now).total_seconds()) // 60
        for minute in range(0, minutes, max(1, minutes // 25)):
            assert not ask(**parts, now=now + timedelta(minutes=minute)).allowed, (
                "an earlier instant was free"
            )
