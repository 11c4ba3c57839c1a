"""The one decision everybody shares: may this customer be contacted now? (DESIGN section 2, SPEC CUS-6 … CUS-8)

Asked when a task is planned, when it is handed out and again when it is dialled, by every path. Call permission = purpose and
consent, no do-not-call entry, inside the window of region and purpose, outside rest hours, caps and gap kept, attempts left,
task open (domain.md 8.5, reliability.md section 7).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from callcenter.workdays import ONE_DAY, local_day, range_instants, utc
from customers.rules.contact.facts import NO_TASK, ContactFacts, ContactRequest, ContactRules, TaskConditions
from customers.rules.contact.hours import CallingHours, rest_at
from customers.rules.contact.reasons import Decision, Reason, ReasonCode

TIMED_CHANNELS: Final = frozenset({"phone", "sms", "visit"})
"""Channels that disturb: hours, rest and caps are theirs. E-mail and post wait until they are read."""

NUMBERED_CHANNELS: Final = frozenset({"phone", "sms"})
LONGEST_WAIT: Final = 500
"""Steps of the search for the next permitted instant; each step passes at least one closed stretch of time."""

Check: TypeAlias = Callable[[datetime], Iterator[Reason]]


def may_contact(
    *,
    facts: ContactFacts,
    request: ContactRequest,
    hours: CallingHours,
    rules: ContactRules,
    task: TaskConditions = NO_TASK,
    now: datetime,
) -> Decision:
    """Whether the contact is allowed at `now`, with every reason against it and the next instant free of all of them.

    A deadline that comes before that instant is a reason of its own (`NO_TIME_LEFT`). Raises nothing of its own; a naive
    datetime raises `NaiveInstant`, an unknown zone `UnknownZone`.
    """
    now = utc(now)
    timed = _Timed(facts, request, hours, rules, task)
    reasons = [*_permanent(facts, request, rules, task, now), *timed.reasons_at(now)]
    if not reasons:
        return Decision(True, (), now)
    if any(reason.until is None for reason in reasons):
        return Decision(False, tuple(reasons), None)
    next_at = timed.first_free(now)
    if next_at is None:
        return Decision(False, tuple(reasons), None)
    if task.deadline is not None and next_at >= task.deadline:
        return Decision(False, (*reasons, Reason(ReasonCode.NO_TIME_LEFT)), None)
    return Decision(False, tuple(reasons), next_at)


def _permanent(
    facts: ContactFacts, request: ContactRequest, rules: ContactRules, task: TaskConditions, now: datetime
) -> Iterator[Reason]:
    """Reasons that waiting does not cure."""
    if not request.purpose:
        yield Reason(ReasonCode.NO_PURPOSE)
    if rules.consent_required:
        yield from _consent_reasons(facts, request, now)
    if facts.restriction:
        yield Reason(ReasonCode.CUSTOMER_RESTRICTED, params={"restriction": facts.restriction})
    if request.channel in NUMBERED_CHANNELS and facts.number_state != "valid":
        if facts.number_state:
            yield Reason(ReasonCode.NUMBER_CLOSED, params={"state": facts.number_state})
        else:
            yield Reason(ReasonCode.NO_NUMBER)
    if not task.campaign_open:
        yield Reason(ReasonCode.CAMPAIGN_CLOSED)
    if task.closed:
        yield Reason(ReasonCode.TASK_CLOSED)
    if task.attempts_max is not None and task.attempts >= task.attempts_max:
        yield Reason(ReasonCode.ATTEMPTS_USED, params={"maximum": task.attempts_max})
    if task.deadline is not None and now >= task.deadline:
        yield Reason(ReasonCode.WINDOW_OVER)


def _consent_reasons(facts: ContactFacts, request: ContactRequest, now: datetime) -> Iterator[Reason]:
    """The latest word counts; a withdrawal at the same instant as a consent wins (SPEC CUS-8)."""
    latest = None
    for consent in facts.consents:
        fits = consent.channel == request.channel and consent.purpose in ("", request.purpose)
        if fits and consent.at <= now:
            word = (consent.at, not consent.granted)
            latest = word if latest is None else max(latest, word)
    if latest is None:
        yield Reason(ReasonCode.NO_CONSENT)
    elif latest[1]:
        yield Reason(ReasonCode.CONSENT_WITHDRAWN)


class _Timed:
    """The conditions that time may lift, each askable for any instant."""

    def __init__(
        self,
        facts: ContactFacts,
        request: ContactRequest,
        hours: CallingHours,
        rules: ContactRules,
        task: TaskConditions,
    ) -> None:
        self.facts, self.request, self.hours, self.task = facts, request, hours, task
        self.asked_from: datetime | None = None
        self.asked_until: datetime | None = None
        if task.agreed is not None:
            agreed_at = utc(task.agreed.at)
            self.asked_from = agreed_at - task.agreed.early
            self.asked_until = agreed_at + task.agreed.lasts
        self.gap_days = rules.key_gap_days if facts.key_customer else rules.gap_days
        self.caps = rules.key_caps if facts.key_customer else rules.caps
        self.contacts = sorted(map(utc, facts.contacts), reverse=True)
        self.checks = self._checks()

    def _checks(self) -> list[Check]:
        """Only those that can matter here: the decision is taken for every claim."""
        task, facts = self.task, self.facts
        checks: list[Check] = []
        if facts.blacklist:
            checks.append(self._blacklisted)
        if self.request.purpose in facts.refusals:
            checks.append(self._refused)
        if task.not_before is not None:
            checks.append(self._not_yet)
        if task.holds:
            checks.append(self._on_hold)
        if task.other_agent is not None:
            checks.append(self._other_agent)
        if task.agreed is not None:
            checks.append(self._before_appointment)
        if self.request.channel in TIMED_CHANNELS:
            checks.append(self._outside_hours)
            if task.campaign_hours is not None:
                checks.append(self._outside_campaign_hours)
            if facts.rest_hours:
                checks.append(self._resting)
            if self.caps:
                checks.append(self._capped)
        if task.gap_applies and self.gap_days and facts.last_completed_at is not None:
            checks.append(self._recent)
        return checks

    def reasons_at(self, instant: datetime) -> list[Reason]:
        return [reason for check in self.checks for reason in check(instant)]

    def first_free(self, instant: datetime) -> datetime | None:
        """The first instant from this one on at which no condition speaks; None if that never comes."""
        for _step in range(LONGEST_WAIT):
            untils = [reason.until for reason in self.reasons_at(instant)]
            if not untils:
                return instant
            known = [until for until in untils if until is not None]
            if len(known) < len(untils):
                return None
            instant = max(map(utc, known))
        return None

    def _blacklisted(self, instant: datetime) -> Iterator[Reason]:
        request = self.request
        for entry in self.facts.blacklist:
            if (
                (entry.expires_at is None or entry.expires_at > instant)
                and entry.number in ("", request.number)
                and entry.client_id in (None, request.client_id)
                and entry.campaign_code in ("", request.campaign_code)
                and entry.purpose in ("", request.purpose)
            ):
                yield Reason(ReasonCode.BLACKLISTED, entry.expires_at, {"category": entry.category})

    def _refused(self, instant: datetime) -> Iterator[Reason]:
        until = self.facts.refusals[self.request.purpose]
        if until is None or until > instant:
            yield Reason(ReasonCode.REFUSED, until)

    def _not_yet(self, instant: datetime) -> Iterator[Reason]:
        if self.task.not_before is not None and instant < self.task.not_before:
            yield Reason(ReasonCode.NOT_YET, self.task.not_before)

    def _on_hold(self, instant: datetime) -> Iterator[Reason]:
        for hold in self.task.holds:
            if hold.until is None or hold.until > instant:
                yield Reason(ReasonCode.ON_HOLD, hold.until, {"hold": hold.code})

    def _other_agent(self, instant: datetime) -> Iterator[Reason]:
        other = self.task.other_agent
        if other is not None and other.until > instant:
            yield Reason(ReasonCode.OTHER_AGENT, other.until, {"agent": other.name})

    def _before_appointment(self, instant: datetime) -> Iterator[Reason]:
        if self.asked_from is not None and instant < self.asked_from:
            yield Reason(ReasonCode.BEFORE_APPOINTMENT, self.asked_from)

    def _asked_for(self, instant: datetime) -> bool:
        """Whether the customer's recorded request covers this instant (domain.md 8.5: only with evidence)."""
        if self.asked_from is None or self.asked_until is None or not self._request_recorded():
            return False
        return self.asked_from <= instant < self.asked_until

    def _unless_asked_for_sooner(self, instant: datetime, until: datetime | None) -> datetime | None:
        if self.asked_from is None or self.asked_from <= instant or not self._request_recorded():
            return until
        return self.asked_from if until is None else min(until, self.asked_from)

    def _request_recorded(self) -> bool:
        return self.task.agreed is not None and self.task.agreed.recorded

    def _outside_hours(self, instant: datetime) -> Iterator[Reason]:
        if self._asked_for(instant):
            return
        facts, purpose = self.facts, self.request.purpose
        opens_at = self.hours.next_open(instant, purpose, facts.regions, facts.zone)
        if opens_at == instant:
            return
        closed = not self.hours.ranges_on(local_day(instant, facts.zone), purpose, facts.regions)
        yield Reason(
            ReasonCode.CLOSED_DAY if closed else ReasonCode.OUTSIDE_HOURS,
            self._unless_asked_for_sooner(instant, opens_at),
        )

    def _outside_campaign_hours(self, instant: datetime) -> Iterator[Reason]:
        """A time the customer agreed to is kept outside the campaign's hours too."""
        if self.task.campaign_hours is None or self._asked_for(instant):
            return
        start, end = self.task.campaign_hours
        today = local_day(instant, self.facts.zone)
        for day in (today, today + ONE_DAY):
            for opens_at, closes_at in range_instants(day, ((start, end),), self.facts.zone):
                if opens_at <= instant < closes_at:
                    return
                if instant < opens_at:
                    until = self._unless_asked_for_sooner(instant, opens_at)
                    params = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
                    yield Reason(ReasonCode.CAMPAIGN_HOURS, until, params)
                    return

    def _resting(self, instant: datetime) -> Iterator[Reason]:
        found = None if self._asked_for(instant) else rest_at(instant, self.facts.rest_hours, self.facts.zone)
        if found is not None:
            (start, end), (_begins_at, ends_at) = found
            params = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
            yield Reason(ReasonCode.REST_HOURS, self._unless_asked_for_sooner(instant, ends_at), params)

    def _capped(self, instant: datetime) -> Iterator[Reason]:
        """The cap is free again when the oldest of the last `limit` contacts has grown as old as the cap is long."""
        for cap in self.caps:
            free_at = None
            if cap.limit > 0:
                if len(self.contacts) < cap.limit:
                    continue
                free_at = self.contacts[cap.limit - 1] + timedelta(seconds=cap.seconds)
                if free_at <= instant:
                    continue
            if cap.seconds < 3600:
                params = {"limit": cap.limit, "minutes": cap.seconds // 60}
                yield Reason(ReasonCode.BURST_CAP, free_at, params)
            else:
                params = {"limit": cap.limit, "hours": cap.seconds // 3600}
                yield Reason(ReasonCode.DAY_CAP, free_at, params)

    def _recent(self, instant: datetime) -> Iterator[Reason]:
        if self.facts.last_completed_at is not None:
            until = utc(self.facts.last_completed_at) + timedelta(days=self.gap_days)
            if until > instant:
                yield Reason(ReasonCode.RECENT_CONTACT, until, {"days": self.gap_days})
