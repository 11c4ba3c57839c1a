"""What the contact decision needs besides the customer: calling hours, caps and regions, read once every few seconds.

Each process keeps its own copy for ``REFERENCE_SECONDS`` (a setting, 5 by default): a changed window or rule takes effect within
that time, and a claim does not read four tables that hardly ever change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from callcenter.kept import kept
from callcenter.workdays import WorkCalendar
from customers.models import CallingWindow, ContactRule, Region
from customers.rules.contact import DEFAULT_WINDOWS, CallingHours, Cap, ContactRules, WindowRule, read_ranges
from people.models import Calendar
from people.models.calendars import office_week
from people.queries import work_calendar

DAY, FIVE_MINUTES = 86_400, 300


@dataclass(frozen=True)
class Reference:
    """``regions`` maps a region's id to its code and those above it; refusal settings are for all and key customers."""

    hours: CallingHours
    rules: ContactRules
    regions: Mapping[int, tuple[str, ...]]
    contract_purposes: frozenset[str]
    final_purposes: frozenset[str]
    refusal_days: int
    refusals_forever: int


def region_paths() -> dict[int, tuple[str, ...]]:
    """Every region's codes from its own up to the root."""
    nodes = {pk: (code, parent) for pk, code, parent in Region.objects.values_list("pk", "code", "parent_id")}
    paths = {}
    for pk in nodes:
        codes, at, seen = [], pk, set()
        while at in nodes and at not in seen:
            seen.add(at)
            code, parent = nodes[at]
            codes.append(code)
            at = parent
        paths[pk] = tuple(codes)
    return paths


@kept
def reference() -> Reference:
    """The reference data, at most ``REFERENCE_SECONDS`` old; five small queries when it is read anew."""
    windows = tuple(
        WindowRule(read_ranges(ranges), purpose, region or "", day_type)
        for ranges, purpose, region, day_type in CallingWindow.objects.order_by("id").values_list(
            "ranges", "purpose", "region__code", "day_type"
        )
    )
    rows = {row.key_customer: row for row in ContactRule.objects.order_by("id")}
    plain = rows.get(False) or ContactRule(key_customer=False)
    key = rows.get(True) or ContactRule(
        key_customer=True, max_per_day=2, max_per_five_minutes=2, gap_days=plain.gap_days
    )
    return Reference(
        hours=CallingHours(windows or DEFAULT_WINDOWS, _calendar()),
        rules=ContactRules(
            caps=_caps(plain), key_caps=_caps(key), gap_days=plain.gap_days, key_gap_days=key.gap_days
        ),
        regions=region_paths(),
        contract_purposes=frozenset(plain.contract_purposes),
        final_purposes=frozenset(plain.final_purposes),
        refusal_days=plain.refusal_days,
        refusals_forever=plain.refusals_forever,
    )


def _caps(row):
    return (Cap(row.max_per_day, DAY), Cap(row.max_per_five_minutes, FIVE_MINUTES))


def _calendar():
    """The default calendar, or a plain office week while nobody has made one."""
    calendar = Calendar.objects.filter(is_default=True).first()
    if calendar is not None:
        return work_calendar(calendar)
    weekly = tuple(tuple(read_ranges(day)) for day in office_week())
    return WorkCalendar(zone=settings.TIME_ZONE, weekly=weekly)
