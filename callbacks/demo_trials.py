"""The demo's trials: two weeks for free, day by day as the sweep and the customers would have it, in every state (CAM-10)."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from callbacks.actions import (
    confirm_by_message,
    extend_trial,
    follow_trials,
    record_by_hand,
    start_trial,
    void_order,
)
from callbacks.actions.accounts import recount_accounts
from callbacks.actions.confirmations import record_answer
from callbacks.actions.finish import book_contact
from callbacks.models import Call, Confirmation, Order, OrderStep
from callbacks.queries.trials import confirming_texts, open_question
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callcenter.access import Role
from callcenter.workdays import local_day
from campaigns.models import Disposition
from customers.models import Consent
from people.models import User

TEN = time(10)
# What the customer says so many days after the sale; the oldest sales first. Nothing said: nobody was asked yet.
COURSES = (
    {7: "continue", 11: "continue"},
    {7: "unreachable"},
    {7: "unwanted"},
    {7: "continue", 11: "continue"},
    {7: "considering", 13: "considering"},
    {7: "continue", 11: "unreachable"},
    {7: "incomplete", 8: "continue", 11: "continue"},
    {7: "self_cancel"},
    {4: "void"},
    {7: "continue", 11: "unwanted"},
    {7: "continue", 11: "continue"},
    {7: "refused"},
    {3: "extend"},
)
ROUNDS = 3
# Days after the sale at which such a trial is first asked about, and at which it is over.
ASKED, ENDED = 7, 14


def load(campaign, *, now):
    """Start the trials of a few dozen sales of the last month, spread over it, and play their days."""
    lead = User.objects.filter(memberships__role=Role.LEAD).order_by("id").first()
    zone, today = ZoneInfo(settings.TIME_ZONE), local_day(now, settings.TIME_ZONE)
    courses = _begin(campaign, ROUNDS * len(COURSES), today)
    for back in range(30, -1, -1):
        moment = min(datetime.combine(today - timedelta(days=back), TEN, zone), now)
        follow_trials(now=moment)
        for order, course in courses:
            said = course.get((local_day(moment, settings.TIME_ZONE) - order.sold_on).days)
            if said:
                _say(order, said, lead, moment)
    recount_accounts([order.account_id for order, _course in courses])
    _ask_one_by_message(campaign, lead, now)


def _begin(campaign, how_many, today):
    """Start the trials of so many sales, evenly spread over the month; returns [(order, what its customer says when)]."""
    sales = Order.objects.filter(campaign=campaign, trial_ends_on=None)
    sales = list(sales.select_related("call", "campaign", "account__customer").order_by("sold_on", "id"))
    chosen = [
        sales[place] for place in sorted({len(sales) * one // how_many for one in range(how_many)}) if sales
    ]
    courses = []
    for number, order in enumerate(chosen):
        # Such sales are claims until their trial begins.
        Order.objects.filter(pk=order.pk).update(state=OrderState.CLAIMED)
        OrderStep.objects.filter(case=order).update(to_state=OrderState.CLAIMED)
        start_trial(order=order, by=order.agent, now=order.created_at)
        courses.append((order, _course(number, (today - order.sold_on).days)))
    return courses


def _course(number, age):
    """In turn; of the trials that are being confirmed today every other one goes well, so that each state is there."""
    goes_well = number % 2 and ASKED <= age < ENDED
    return COURSES[0] if goes_well else COURSES[number % len(COURSES)]


def _say(order, said, lead, moment):
    if said == "void":
        void_order(order=order, by=lead, now=moment, note="录音中未说明取消方式")
    elif said == "extend":
        extend_trial(order=order, by=lead, now=moment, note="客户出差，体验期顺延")
    elif (question := open_question(order)) is None:
        return
    elif said in ("unreachable", "refused"):
        record_answer(question=question, answer=said, way="", by=None, now=moment)
    else:
        criteria = CRITERIA[:3] if said == "incomplete" else CRITERIA
        record_by_hand(
            order=order,
            answer="continue" if said == "incomplete" else said,
            criteria=criteria if said in ("continue", "incomplete") else (),
            call=_call(order, moment),
            by=lead,
            now=moment,
        )


def _call(order, moment):
    """The call in which the customer said so: two minutes, by the agent who sold."""
    started = moment - timedelta(minutes=3)
    call = Call.objects.create(
        account_id=order.account_id,
        campaign_id=order.campaign_id,
        customer_id=order.account.customer_id,
        team_id=order.call.team_id,
        agent_id=order.agent_id,
        number=order.call.number,
        started_at=started,
        answered_at=started + timedelta(seconds=12),
        ended_at=started + timedelta(seconds=120),
        local_day=local_day(started, settings.TIME_ZONE),
        prep_seconds=6,
        ring_seconds=12,
        talk_seconds=108,
        wrap_seconds=9,
        disposition=Disposition.objects.get(code="DONE"),
        source=Call.Source.DESK,
        external_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"trial:{order.pk}:{started}")),
        created_at=moment,
    )
    book_contact(call, order.campaign)
    return call


def _ask_one_by_message(campaign, lead, now):
    """One question goes out by SMS, to a customer who agreed to that."""
    text = confirming_texts().first()
    waiting = Confirmation.objects.filter(order__campaign=campaign, state="waiting", deadline__gt=now)
    question = waiting.select_related("order__account__customer").order_by("due_at", "id").first()
    if text is None or question is None:
        return
    Consent.objects.create(
        customer=question.order.account.customer,
        channel="sms",
        purpose=campaign.purpose,
        state=Consent.State.GRANTED,
        source="服务协议",
        at=question.order.created_at,
    )
    confirm_by_message(order=question.order, text=text, by=lead, now=now)
