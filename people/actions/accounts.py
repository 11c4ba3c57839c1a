"""What people change about their own account, and filling a calendar with a country's holidays."""

import holidays
from django.db import transaction
from rest_framework.authtoken.models import Token

from callcenter.models import AccessLog
from callcenter.notify import log_access
from people.models import Calendar, CalendarDay, User
from people.rules import exceptions_of


def save_preferences(*, user, language, keyboard_commands, dial_scheme="") -> None:
    """Keep a person's own choices; an empty language means as in the browser (ux.md sections 3.3 and 10)."""
    User.objects.filter(pk=user.pk).update(
        language=language, keyboard_commands=keyboard_commands, dial_scheme=dial_scheme
    )


@transaction.atomic
def create_token(*, user, now, request=None) -> str:
    """A new API token of the person; the old one stops working. Returns the key, which is shown once."""
    Token.objects.filter(user=user).delete()
    token = Token.objects.create(user=user)
    log_access(
        user, AccessLog.Action.CHANGE, "api_token", user.pk, now=now, reason="created", request=request
    )
    return token.key


@transaction.atomic
def revoke_token(*, user, now, request=None) -> bool:
    """Make the person's API token stop working; False when there was none."""
    deleted, _rows = Token.objects.filter(user=user).delete()
    if deleted:
        log_access(
            user, AccessLog.Action.CHANGE, "api_token", user.pk, now=now, reason="revoked", request=request
        )
    return bool(deleted)


@transaction.atomic
def fill_calendar(*, calendar: Calendar, years, country="CN") -> int:
    """Add the public holidays and make-up workdays (调休) that are published for the years; returns how many days.

    Days already in the calendar stay as they are: the library only seeds, the administrator's table decides
    (domain.md section 4, rule 16). Raises ``NotImplementedError`` for a country the library does not know.
    """
    published = holidays.country_holidays(country, years=years, language="zh_CN" if country == "CN" else None)
    workdays = {day for day in published.weekend_workdays if day.year in set(years)}
    wanted = exceptions_of(dict(published.items()), workdays, calendar.weekly)
    known = set(calendar.days.filter(day__in=wanted).values_list("day", flat=True))
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(calendar=calendar, day=day, kind=kind, name=name[:80])
            for day, (kind, name) in sorted(wanted.items())
            if day not in known
        ],
        ignore_conflicts=True,
    )
    return len(wanted.keys() - known)


def default_calendar_for(*, zone) -> Calendar:
    """The default calendar, made with office hours in ``zone`` where there is none yet."""
    calendar, _made = Calendar.objects.get_or_create(
        is_default=True, defaults={"name": "标准工作日历", "zone": zone}
    )
    return calendar
