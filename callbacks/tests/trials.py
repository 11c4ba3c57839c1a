"""Makers for trials: a campaign that gives thirty days, sales in it, and every answer a customer can give (CAM-10)."""

import itertools
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.actions import (
    cancel_order,
    confirm_by_message,
    confirm_order,
    extend_trial,
    follow_trials,
    record_by_hand,
    record_call,
    void_order,
)
from callbacks.models import Call, Confirmation, Order
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.make import disposition, make_agent, make_campaign, make_customer, make_team
from callcenter.access import Role
from campaigns.tests.make import make_script, make_script_version, texts
from customers.models import CallingWindow, Consent, DayType
from customers.tests.make import make_consent, make_user
from messaging.actions import approve_version
from messaging.catalogue import load_texts
from messaging.models import Message, StopWord, Template, TemplateVersion
from messaging.states import MessageState

ZONE = ZoneInfo("Asia/Shanghai")
# A sale on the 4th; the thirty days end before the 3rd of April.
SOLD = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
END = date(2026, 4, 3)
DAY = timedelta(days=1)
_count = itertools.count(1)
STATEMENTS = (
    ("price", "每月 20 元"),
    ("trial_end", "体验期 30 天"),
    ("cancel", "拨打 10000 取消"),
    ("functions", "10GB 流量"),
)


def at(month, day, clock="10:00"):
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


class World:
    """A team, its agent and lead, and a telemarketing campaign with a trial of thirty days and a script."""

    def __init__(self, days=30):
        self.team = make_team()
        self.agent = make_agent(self.team)
        self.lead = make_user(Role.LEAD, team=self.team)
        self.campaign = make_campaign(
            team=self.team, kind="telemarketing", purpose="sales", trial_days=days, max_attempts=2
        )
        version = make_script_version(
            make_script(client=self.campaign.client),
            statements=[{"code": code, "text": texts(words)} for code, words in STATEMENTS],
        )
        self.campaign.script = version
        self.campaign.save(update_fields=["script"])
        for day_type in DayType:
            CallingWindow.objects.update_or_create(
                purpose="", region=None, day_type=day_type, defaults={"ranges": [["00:00", "00:00"]]}
            )

    def customer(self):
        number = next(_count)
        customer = make_customer(client=self.campaign.client, team=self.team, phones=[f"+86137{number:08}"])
        make_consent(customer, at=SOLD - DAY)
        return customer

    def call(self, customer, code, *, now, **fields):
        """A call recorded by the telephone system, over now."""
        return record_call(
            source=Call.Source.PBX,
            external_id=f"trial-{uuid.uuid4()}",
            campaign=self.campaign,
            customer=customer,
            disposition=disposition(code),
            started_at=now - timedelta(seconds=90),
            answered_at=now - timedelta(seconds=80) if disposition(code).connected else None,
            ended_at=now,
            agent=self.agent,
            team=self.team,
            now=now,
            **fields,
        )[0]

    def sale(self, *, now=SOLD) -> Order:
        """A sale just made."""
        return Order.objects.get(call=self.call(self.customer(), "SALE", now=now))

    def answer(self, order, answer="continue", *, now, criteria=CRITERIA) -> Confirmation:
        """The customer answers the open question in a call that a lead names as evidence."""
        call = self.call(order.account.customer, "DONE", now=now)
        return record_by_hand(order=order, answer=answer, criteria=criteria, call=call, by=self.lead, now=now)

    def in_state(self, state) -> Order:
        """An order brought into the state by nothing but the actions."""
        order = self.sale()
        if state == OrderState.CLAIMED:
            return self._without_trial()
        if state == OrderState.VALID:
            return confirm_order(order=self._without_trial(), by=self.lead, now=SOLD)
        if state in (OrderState.CONFIRMED_ONCE, OrderState.CONFIRMED_TWICE, OrderState.BILLING):
            self.answer(order, now=at(3, 25))
        if state in (OrderState.CONFIRMED_TWICE, OrderState.BILLING):
            self.answer(order, now=at(4, 1))
        if state == OrderState.BILLING:
            follow_trials(now=at(4, 3))
        if state == OrderState.EXTENDED:
            extend_trial(order=order, by=self.lead, now=at(3, 25), note="出国")
        if state == OrderState.CANCELLED:
            cancel_order(order=order, by=self.lead, now=at(3, 25))
        if state == OrderState.VOID:
            void_order(order=order, by=self.lead, now=at(3, 25), note="未确认机主")
        order.refresh_from_db()
        return order

    def _without_trial(self):
        self.campaign.trial_days, days = 0, self.campaign.trial_days
        self.campaign.save(update_fields=["trial_days"])
        order = self.sale()
        self.campaign.trial_days = days
        self.campaign.save(update_fields=["trial_days"])
        return order

    def text(self) -> TemplateVersion:
        """The shipped text that asks for a confirmation, approved."""
        if not Template.objects.filter(code="SMS-CONFIRM").exists():
            load_texts(Template, TemplateVersion, StopWord, now=SOLD)
        version = TemplateVersion.objects.select_related("template").get(template__code="SMS-CONFIRM")
        if version.state != "approved":
            approve_version(version=version, by=self.lead, now=SOLD)
            version.refresh_from_db()
        return version

    def message(self, order, *, now) -> Message:
        """The open question sent by SMS, and out."""
        customer = order.account.customer
        Consent.objects.create(
            customer=customer, channel="sms", purpose="sales", state="granted", source="合同", at=SOLD - DAY
        )
        message = confirm_by_message(order=order, text=self.text(), by=self.lead, now=now)
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=now)
        message.refresh_from_db()
        return message
