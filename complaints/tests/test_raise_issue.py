"""Writing down what a customer reported (ISS-1, ISS-2), and the promise written with it (CB-10)."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks.tests.make import make_calendar
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.workdays import local_day
from complaints.models import Issue, SecondContact
from complaints.tests.make import contact_of, make_department, make_floor, make_issue, make_point
from customers.tests.make import NOW, make_customer
from people.models import Calendar, CalendarDay
from people.queries import work_calendar

pytestmark = pytest.mark.django_db


def test_raise_issue_writes_issue_promise_and_notices_at_once():
    floor = make_floor()
    issue = make_issue(floor)
    assert (issue.state, issue.level, issue.department) == ("sent", 1, floor.department)
    assert issue.deadline == NOW + timedelta(hours=24)
    assert issue.level_due_at == NOW + timedelta(hours=24)
    assert issue.warn_at == NOW + timedelta(hours=18)
    contact = issue.second_contacts.get()
    assert (contact.sequence, contact.state) == (1, "waiting")
    # NOW is Wednesday 10:00 in Shanghai: due on Thursday when the calling hours open.
    assert contact.due_at == datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    assert contact.deadline == datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    told = set(Notification.objects.values_list("recipient_id", "level"))
    assert told == {(contact_of(floor.department, 1).pk, "urgent"), (floor.lead.pk, "urgent")}


def test_raise_issue_twice_with_one_uuid_is_one_issue():
    floor, number = make_floor(), uuid.uuid4()
    customer = floor.customer()
    first = make_issue(floor, client_uuid=number, customer=customer)
    again = make_issue(floor, client_uuid=number, customer=customer)
    assert first.pk == again.pk
    assert (Issue.objects.count(), SecondContact.objects.count()) == (1, 1)
    with pytest.raises(Conflict):
        make_issue(floor, client_uuid=number)


@pytest.mark.parametrize(
    ("urgency", "major", "told"), [("routine", False, 0), ("routine", True, 1), ("urgent", False, 1)]
)
def test_lead_is_told_at_once_of_major_and_urgent_issues_only(urgency, major, told):
    floor = make_floor()
    issue = make_issue(floor, urgency=urgency, major=major)
    assert Notification.objects.filter(recipient=floor.lead).count() == told
    assert issue.second_contacts.count() == (1 if major else 0)


def test_department_comes_from_the_point_unless_named():
    floor, other = make_floor(), make_department()
    assert make_issue(floor).department == floor.department
    assert make_issue(floor, department=other).department == other


def test_without_a_department_the_issue_stays_open_and_no_clock_runs():
    floor = make_floor()
    floor.point = make_point()
    floor.point.department = None
    floor.point.save()
    issue = make_issue(floor)
    assert (issue.state, issue.level_due_at, issue.second_contacts.count()) == ("open", None, 1)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"description": "  "}, {"description"}),
        ({"urgency": "now"}, {"urgency"}),
        ({"description": "", "urgency": ""}, {"description", "urgency"}),
    ],
)
def test_wrong_values_are_named_and_nothing_is_written(fields, named):
    floor = make_floor()
    with pytest.raises(Refused) as refused:
        make_issue(floor, **fields)
    assert set(refused.value.fields) == named
    assert Issue.objects.count() == 0


def test_major_issue_of_a_customer_in_no_campaign_is_refused():
    floor = make_floor()
    customer = make_customer(client=floor.client, team=floor.team)
    with pytest.raises(Refused) as refused:
        make_issue(floor, customer=customer, campaign=None)
    assert refused.value.code == "no_campaign"
    assert make_issue(floor, customer=customer, campaign=None, major=False).campaign is None


def test_golden_09_issue_of_saturday_is_called_again_on_monday():
    floor = make_floor()
    calendar = Calendar.objects.get(is_default=True)
    calendar.weekly = [[["09:00", "18:00"]]] * 6 + [[]]
    calendar.save()
    saturday = datetime(2026, 11, 21, 8, 40, tzinfo=UTC)
    issue = make_issue(floor, now=saturday)
    assert local_day(issue.second_contacts.get().due_at, "Asia/Shanghai") == date(2026, 11, 23)
    assert issue.deadline == datetime(2026, 11, 22, 8, 40, tzinfo=UTC)


@pytest.fixture
def floor():
    return make_floor()


DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 10))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raised=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31, 23, 59, 59), timezones=st.just(UTC)),
    holidays=st.sets(DAYS, max_size=40),
    made_up=st.sets(DAYS, max_size=10),
)
def test_second_contact_is_never_on_the_same_day_nor_on_a_day_off(floor, raised, holidays, made_up):
    """What the row says after the database has kept it, whatever the instant and the calendar (R-07)."""
    CalendarDay.objects.all().delete()
    calendar = make_calendar()
    kinds = dict.fromkeys(holidays, "holiday") | dict.fromkeys(made_up, "workday")
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day, kind=kind) for day, kind in kinds.items()
    )
    floor.point.focus_threshold = 30_000
    floor.point.save()
    contact = SecondContact.objects.get(issue=make_issue(floor, now=raised))
    zone, cal = calendar.zone, work_calendar(calendar)
    reported, day = local_day(raised, zone), local_day(contact.due_at, zone)
    assert day > reported
    assert cal.ranges_on(day)
    assert not any(cal.ranges_on(reported + timedelta(days=n)) for n in range(1, (day - reported).days))
    assert time(9) <= contact.due_at.astimezone(ZoneInfo(zone)).time() < time(21)
    assert contact.due_at < contact.deadline <= contact.due_at + timedelta(days=1)
