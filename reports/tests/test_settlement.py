"""Settlement: the arithmetic, what is counted, corrections, who signs and who sees (KPI-13, domain.md 9 vector 13)."""

import re
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.urls import reverse

from callbacks.models import Delivery, Order, OrderStep
from callbacks.tests.make import make_task
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from complaints.models import Complaint
from qa.models import Review
from qa.tests.make import make_scorecard
from reports.actions import choose_scheme, make_statement, save_scheme, sign_statement
from reports.models import SettlementScheme, Statement
from reports.queries.settlement import next_month, scheme_of
from reports.rules.settlement import Item, money, month_number, penalty, pieces, shares
from reports.tests.make import make_agent, make_call, make_campaign, make_team, make_unit, make_user
from surveys.models import Invitation, Questionnaire, QuestionnaireVersion, Response

pytestmark = pytest.mark.django_db
USUAL = [Decimal(50), *[Decimal(15)] * 5]
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
SEPTEMBER = datetime(2026, 9, 3, 2, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo(site.TIME_ZONE))


def test_golden_fee_of_ten_for_six_months_gives_125_percent():
    paid = [shares(USUAL, {place: (1, Decimal(10))})[0].amount for place in range(1, 7)]
    assert paid == [Decimal("5.00"), *[Decimal("1.50")] * 5]
    assert sum(paid) == Decimal("12.50")
    assert sum(paid[:2]) == Decimal("6.50")
    assert shares(USUAL, {7: (1, Decimal(10))}) == []


def test_a_line_is_rounded_once_and_half_up():
    (line,) = shares([Decimal(15)], {1: (3, Decimal("0.10"))})
    assert line == Item("share", 1, 3, Decimal("0.10"), Decimal(15), Decimal("0.02"))
    assert money(Decimal("2.675")) == Decimal("2.68")
    assert money(Decimal("-2.675")) == Decimal("-2.68")


def test_pieces_and_penalties():
    assert pieces("questionnaire", 3, Decimal(2))[0].amount == Decimal("6.00")
    assert pieces("questionnaire", 0, Decimal(2)) == pieces("questionnaire", 3, Decimal(0)) == []
    assert penalty(Decimal(100), doubled=True) == Decimal(-200)
    assert pieces("complaint", 2, penalty(Decimal(100), doubled=False))[0].amount == Decimal("-200.00")


@pytest.mark.parametrize(
    ("began", "month", "number"),
    [
        (date(2026, 1, 31), date(2026, 1, 1), 1),
        (date(2026, 1, 31), date(2026, 2, 1), 2),
        (date(2025, 12, 1), date(2026, 1, 1), 2),
        (date(2026, 2, 1), date(2026, 1, 1), 0),
    ],
)
def test_month_of_the_service_counts_calendar_months(began, month, number):
    assert month_number(began, month) == number


def test_months_go_over_the_year():
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1), -1) == date(2025, 12, 1)


class Shop:
    """A client whose one campaign is settled by the usual scheme from July 2026 on."""

    def __init__(self):
        self.team = make_team()
        self.campaign = make_campaign(team=self.team)
        self.client = self.campaign.client
        self.agent = make_agent(self.team)
        self.manager = make_user(Role.MANAGER, unit=self.team.unit)
        self.second = make_user(Role.MANAGER, unit=self.team.unit)
        self.scheme = SettlementScheme.objects.create(name="通用", monthly_fee=Decimal(10))
        choose_scheme(campaign=self.campaign, scheme=self.scheme, since=JULY, by=self.manager, now=SEPTEMBER)

    def sale(self, moment, *, state="valid", amount=None):
        call = make_call(self.campaign, self.agent, code="SALE", at=moment)
        order = Order.objects.create(
            call=call,
            account=call.account,
            campaign=self.campaign,
            agent=self.agent,
            sold_on=call.local_day,
            created_at=moment,
            amount=amount,
        )
        self.move(order, state, moment)
        return order

    def move(self, order, state, moment):
        OrderStep.objects.create(case=order, from_state=order.state, to_state=state, at=moment, by=None)
        Order.objects.filter(pk=order.pk).update(state=state)
        order.state = state

    def questionnaire(self, moment, *, complete=True):
        version = QuestionnaireVersion.objects.create(
            questionnaire=Questionnaire.objects.create(name="q", code=uuid.uuid4().hex[:8]),
            number=1,
            created_at=moment,
        )
        call = make_call(self.campaign, self.agent, at=moment)
        call.response = Response.objects.create(
            version=version,
            customer=call.customer,
            channel="phone",
            client_uuid=uuid.uuid4(),
            submitted_at=moment,
            complete=complete,
        )
        call.save(update_fields=["response"])
        return call

    def statement(self, month, *, by=None, now=SEPTEMBER):
        return make_statement(client=self.client, month=month, by=by or self.manager, now=now)


@pytest.fixture
def shop():
    return Shop()


def lines_of(statement):
    return [
        (line.kind, line.place, line.quantity, line.amount)
        for line in statement.lines.order_by("kind", "place", "about")
    ]


def test_orders_are_paid_by_the_month_of_their_service(shop):
    shop.sale(at(7, 1))
    shop.sale(at(7, 31, 23), amount=Decimal("20.00"))
    shop.sale(at(8, 1, 0))
    shop.sale(at(8, 2), state="claimed")
    shop.sale(at(8, 2), state="void")
    assert lines_of(shop.statement(JULY)) == [("share", 1, 2, Decimal("15.00"))]
    august = [line for line in lines_of(shop.statement(AUGUST)) if line[0] == "share"]
    assert august == [("share", 1, 1, Decimal("5.00")), ("share", 2, 2, Decimal("4.50"))]


def test_who_ends_the_service_in_a_month_pays_until_the_month_before(shop):
    order = shop.sale(at(7, 5))
    shop.move(order, "cancelled", at(8, 20))
    assert shop.statement(JULY).total == Decimal("5.00")
    assert shop.statement(AUGUST).total == 0
    never_valid = shop.sale(at(7, 6), state="claimed")
    shop.move(never_valid, "cancelled", at(9, 1))
    assert shop.statement(JULY).total == Decimal("5.00")


def test_an_order_that_was_void_when_it_was_cancelled_stays_void(shop):
    order = shop.sale(at(7, 5))
    shop.move(order, "void", at(7, 9))
    shop.move(order, "cancelled", at(8, 20))
    assert lines_of(shop.statement(JULY)) == [("void_order", 0, 1, Decimal("-50.00"))]
    assert lines_of(shop.statement(AUGUST)) == []
    right_again = shop.sale(at(7, 6))
    shop.move(right_again, "void", at(7, 9))
    shop.move(right_again, "valid", at(7, 10))
    shop.move(right_again, "cancelled", at(8, 20))
    assert lines_of(shop.statement(JULY)) == [
        ("share", 1, 1, Decimal("5.00")),
        ("void_order", 0, 1, Decimal("-50.00")),
    ]


def test_a_month_is_corrected_once_in_whatever_order_the_next_ones_are_signed(shop):
    order = shop.sale(at(6, 5))
    choose_scheme(
        campaign=shop.campaign, scheme=shop.scheme, since=date(2026, 6, 1), by=shop.manager, now=SEPTEMBER
    )
    sign_statement(statement=shop.statement(date(2026, 6, 1)), by=shop.second, now=SEPTEMBER)
    shop.move(order, "void", at(6, 9))
    july, august = shop.statement(JULY), shop.statement(AUGUST)
    correction = ("correction", 0, 0, Decimal("-55.00"))
    assert lines_of(july) == lines_of(august) == [correction]
    sign_statement(statement=august, by=shop.second, now=SEPTEMBER + timedelta(minutes=1))
    with pytest.raises(Conflict) as conflict:
        sign_statement(statement=july, by=shop.second, now=SEPTEMBER + timedelta(minutes=2))
    assert conflict.value.code == "other_month_signed"
    july = shop.statement(JULY, now=SEPTEMBER + timedelta(minutes=3))
    assert lines_of(july) == []
    sign_statement(statement=july, by=shop.second, now=SEPTEMBER + timedelta(minutes=4))


def test_questionnaires_count_unless_quality_failed_them_and_once_each(shop):
    kept, failed = shop.questionnaire(at(8, 3)), shop.questionnaire(at(8, 4))
    shop.questionnaire(at(8, 5), complete=False)
    shop.questionnaire(at(7, 5))
    again = make_call(shop.campaign, shop.agent, at=at(8, 6), customer=kept.customer)
    again.response = kept.response
    again.save(update_fields=["response"])
    Review.objects.create(
        call=failed,
        agent=shop.agent,
        team=shop.team,
        scorecard=make_scorecard().versions.get(),
        state="published",
        passed=False,
        published_at=at(8, 5),
    )
    assert lines_of(shop.statement(AUGUST)) == [("questionnaire", 0, 1, Decimal("2.00"))]


def test_every_questionnaire_counted_stands_behind_the_line(client, shop):
    shop.questionnaire(at(8, 3))
    call = shop.questionnaire(at(8, 4))
    again = make_call(shop.campaign, shop.agent, at=at(8, 5), customer=call.customer)
    again.response = call.response
    again.save(update_fields=["response"])
    for channel in ("post", "email"):
        kept = shop.questionnaire(at(8, 6))
        Response.objects.filter(pk=kept.response_id).update(channel=channel)
        answers = kept.response
        kept.response = None
        kept.save(update_fields=["response"])
        if channel == "post":
            task = make_task(shop.campaign, customer=kept.customer, channel="post", ready=False, now=at(7, 1))
            Delivery.objects.create(task=task, created_at=at(7, 1), response=answers)
        else:
            Invitation.objects.create(
                version=answers.version,
                customer=answers.customer,
                channel="email",
                campaign_code=shop.campaign.code,
                token_hash="t",
                message_key="m",
                created_at=at(8, 1),
                expires_at=at(8, 20),
                response=answers,
            )
    (line,) = shop.statement(AUGUST).lines.all()
    assert line.quantity == 4
    client.force_login(shop.manager)
    page = client.get(reverse("reports:statement_records", args=[line.pk])).content.decode()
    assert page.count('<th scope="row">') == 4


def test_unqualified_orders_and_founded_complaints_cost(shop):
    order = shop.sale(at(8, 2))
    shop.move(order, "void", at(8, 9))
    for founded in (True, False, None):
        Complaint.objects.create(
            customer=order.account.customer,
            campaign=shop.campaign,
            team=shop.team,
            content="态度",
            registered_at=at(8, 10),
            deadline=at(8, 20),
            founded=founded,
        )
    made = shop.statement(AUGUST)
    assert lines_of(made) == [
        ("complaint", 0, 1, Decimal("-200.00")),
        ("void_order", 0, 1, Decimal("-50.00")),
    ]
    assert made.total == Decimal("-250.00")


def test_what_changes_after_the_signature_is_corrected_once_in_the_next_month(shop):
    order = shop.sale(at(7, 5))
    july = shop.statement(JULY)
    sign_statement(statement=july, by=shop.second, now=SEPTEMBER)
    shop.move(order, "void", at(8, 9))
    august = shop.statement(AUGUST)
    assert lines_of(august) == [
        ("correction", 0, 0, Decimal("-5.00")),
        ("void_order", 0, 1, Decimal("-50.00")),
    ]
    with pytest.raises(Conflict):
        shop.statement(JULY)
    assert july.lines.get().amount == Decimal("5.00")
    sign_statement(statement=august, by=shop.second, now=SEPTEMBER)
    later = datetime(2026, 10, 2, 2, tzinfo=ZoneInfo("UTC"))
    assert lines_of(shop.statement(date(2026, 9, 1), now=later)) == []


def test_counting_anew_gives_the_same_lines(shop):
    shop.sale(at(7, 5))
    shop.questionnaire(at(7, 6))
    first = lines_of(shop.statement(JULY))
    assert lines_of(shop.statement(JULY)) == first
    assert Statement.objects.count() == 1


def test_a_second_person_signs_a_month_that_is_over(shop):
    shop.sale(at(7, 5))
    july = shop.statement(JULY)
    with pytest.raises(Refused) as refused:
        sign_statement(statement=july, by=shop.manager, now=SEPTEMBER)
    assert refused.value.code == "second_person"
    running = shop.statement(date(2026, 9, 1))
    with pytest.raises(Refused) as refused:
        sign_statement(statement=running, by=shop.second, now=SEPTEMBER)
    assert refused.value.code == "month_runs"
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=july.pk).update(state="signed", signed_by=shop.manager)
    sign_statement(statement=july, by=shop.second, now=SEPTEMBER)
    with pytest.raises(Conflict):
        sign_statement(statement=july, by=shop.second, now=SEPTEMBER)


def test_scheme_of_a_signed_month_stays_and_a_new_one_begins_later(shop):
    shop.sale(at(7, 5))
    sign_statement(statement=shop.statement(JULY), by=shop.second, now=SEPTEMBER)
    other = SettlementScheme.objects.create(name="新", fee_percents=["100"])
    with pytest.raises(Refused):
        choose_scheme(campaign=shop.campaign, scheme=other, since=JULY, by=shop.manager, now=SEPTEMBER)
    choose_scheme(campaign=shop.campaign, scheme=other, since=AUGUST, by=shop.manager, now=SEPTEMBER)
    assert scheme_of(shop.campaign, JULY) == shop.scheme
    assert scheme_of(shop.campaign, AUGUST) == other
    assert scheme_of(shop.campaign, JULY - timedelta(days=1)) is None
    with pytest.raises(Conflict):
        save_scheme(scheme=shop.scheme, by=shop.manager, now=SEPTEMBER)
    save_scheme(scheme=other, by=shop.manager, now=SEPTEMBER)


def test_a_month_without_a_scheme_or_to_come_is_refused(shop):
    for month in (date(2026, 6, 1), date(2027, 1, 1)):
        with pytest.raises(Refused):
            shop.statement(month)


def test_pages_make_show_sign_and_export(client, shop):
    shop.sale(at(7, 5))
    client.force_login(shop.manager)
    answer = client.post(reverse("reports:statements"), {"client": shop.client.pk, "month": "2026-07"})
    statement = Statement.objects.get()
    assert answer.url == reverse("reports:statement", args=[statement.pk])
    page = client.get(answer.url).content.decode()
    assert "5.00" in page
    assert reverse("reports:statement_sign", args=[statement.pk]) not in page
    line = statement.lines.get()
    records = client.get(reverse("reports:statement_records", args=[line.pk])).content.decode()
    assert records.count('<th scope="row">') == line.quantity == 1
    file = reverse("reports:statement_file", args=[statement.pk])
    assert client.post(file).status_code == 422
    content = client.post(file, {"reason": "对账"}).content.decode("utf-8-sig")
    assert "5.00" in content
    assert "对账" in content
    assert AccessLog.objects.get(action="export", subject="statement").reason == "对账"
    client.force_login(shop.second)
    assert client.post(reverse("reports:statement_count", args=[statement.pk])).status_code == 302
    client.force_login(shop.manager)
    sign = reverse("reports:statement_sign", args=[statement.pk])
    assert client.post(sign).status_code == 422
    assert client.post(sign, {"counted_at": "2026-02-31T99:00"}).status_code == 422
    assert client.post(sign, {"counted_at": "2026-09-01T00:00:00Z"}).status_code == 409
    page = client.get(reverse("reports:statement", args=[statement.pk])).content.decode()
    shown = re.search(r'name="counted_at" value="([^"]+)"', page)[1]
    assert client.post(sign, {"counted_at": shown}).status_code == 302
    statement.refresh_from_db()
    assert (statement.state, statement.signed_by) == ("signed", shop.manager)


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0000-01", "2999-01", "2026-07-99", "👍"])
def test_a_strange_month_is_told_not_an_error(client, shop, month):
    client.force_login(shop.manager)
    answer = client.post(reverse("reports:statements"), {"client": shop.client.pk, "month": month})
    assert answer.status_code == 200
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("50, 15，15", ["50", "15", "15"]),
        ("", []),
        ("12.50%", ["12.5"]),
        ("-1", None),
        ("x", None),
        ("1e9", None),
    ],
)
def test_shares_are_typed_as_one_line(client, shop, typed, kept):
    client.force_login(shop.manager)
    data = {
        "name": "方案",
        "fee_percents": typed,
        "monthly_fee": "10",
        "per_questionnaire": "2",
        "per_void_order": "50",
        "per_complaint": "100",
    }
    answer = client.post(reverse("reports:scheme_new"), data)
    found = SettlementScheme.objects.filter(name="方案").first()
    assert (found.fee_percents if found else None) == kept
    assert answer.status_code == (302 if found else 200)


def test_statement_covers_a_client_as_a_whole_so_nobody_sees_a_part(client, shop):
    shop.sale(at(7, 5))
    statement = shop.statement(JULY)
    page = reverse("reports:statement", args=[statement.pk])
    elsewhere = make_team()
    shop.campaign.teams.add(elsewhere)
    for person in (shop.manager, make_user(Role.MANAGER, unit=elsewhere.unit)):
        client.force_login(person)
        assert client.get(page).status_code == 404
        form = client.post(reverse("reports:statements"), {"client": shop.client.pk, "month": "2026-07"})
        assert form.status_code == 200
    client.force_login(make_user(Role.ADMIN))
    assert client.get(page).status_code == 200


def test_client_sees_its_own_signed_statements_without_the_records(client, shop):
    shop.sale(at(7, 5))
    statement = shop.statement(JULY)
    page = reverse("reports:statement", args=[statement.pk])
    client.force_login(make_user(Role.CLIENT, client=shop.client))
    assert client.get(page).status_code == 404
    sign_statement(statement=statement, by=shop.second, now=SEPTEMBER)
    shown = client.get(page).content.decode()
    line = statement.lines.get()
    assert reverse("reports:statement_records", args=[line.pk]) not in shown
    assert client.get(reverse("reports:statement_records", args=[line.pk])).status_code == 403
    client.force_login(make_user(Role.CLIENT, client=make_campaign(team=make_team()).client))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("how_many", [1, 4])
def test_statement_page_asks_a_fixed_number_of_queries(client, shop, how_many, django_assert_num_queries):
    for number in range(how_many):
        campaign = make_campaign(team=shop.team, client=shop.client, name=f"项目{number}")
        choose_scheme(campaign=campaign, scheme=shop.scheme, since=JULY, by=shop.manager, now=SEPTEMBER)
        call = make_call(campaign, shop.agent, code="SALE", at=at(7, 5))
        order = Order.objects.create(
            call=call,
            account=call.account,
            campaign=campaign,
            agent=shop.agent,
            sold_on=call.local_day,
            created_at=at(7, 5),
        )
        shop.move(order, "valid", at(7, 5))
    statement = shop.statement(JULY)
    assert statement.lines.count() == how_many
    client.force_login(shop.manager)
    page = reverse("reports:statement", args=[statement.pk])
    client.get(page)
    with django_assert_num_queries(7):
        client.get(page)


def test_card_on_the_campaign_names_the_scheme(client, shop):
    client.force_login(shop.manager)
    card = client.get(reverse("reports:campaign_schemes", args=[shop.campaign.pk])).content.decode()
    assert "通用" in card
    assert "2026-07" in card
    other = make_campaign(team=make_team(unit=make_unit()))
    assert client.get(reverse("reports:campaign_scheme", args=[other.pk])).status_code == 404
