"""The do-not-call list: the customer's word holds at once, the rest takes a second person, and only what is in force counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.workflow import IllegalMove
from customers import actions, queries
from customers.models import BlacklistEntry
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


class Desk:
    """A team with a customer, a complaint handler, a lead and a manager."""

    def __init__(self):
        self.team = make_team()
        self.customer = make_customer(team=self.team)
        self.handler = make_user("complaint", team=self.team)
        self.lead = make_user("lead", team=self.team)
        self.manager = make_user("manager", unit=self.team.unit)

    def propose(self, **values):
        given = {"customer": self.customer, "category": "complaint", "reason": "威胁坐席", "by": self.handler}
        return actions.propose_entry(now=NOW, **given | values)

    def blocked(self, *, now=LATER, **more):
        ask = {"number": "+8613800138000", "channel": "phone", "purpose": "service", "campaign_code": ""}
        return "blacklisted" in queries.may_contact(self.customer, now=now, **ask | more).codes


@pytest.fixture
def desk():
    return Desk()


@pytest.mark.parametrize(
    ("category", "state"),
    [
        ("asked", "in_force"),
        ("legal", "in_force"),
        ("requested", "in_force"),
        ("complaint", "proposed"),
        ("internal", "proposed"),
    ],
)
def test_category_decides_whether_a_second_person_is_needed(desk, category, state):
    entry = actions.ask_not_to_contact(
        customer=desk.customer, category=category, reason="r", by=desk.lead, now=NOW
    )
    assert entry.state == state
    assert desk.blocked() is (state == "in_force")
    assert [step.to_state for step in entry.steps.all()] == [state]


def test_proposal_forbids_nothing_until_somebody_else_approves_it(desk):
    entry = desk.propose()
    assert not desk.blocked()
    with pytest.raises(Refused) as refused:
        actions.approve_entry(entry=entry, by=desk.handler, now=NOW)
    assert refused.value.code == "second_person"
    actions.approve_entry(entry=entry, by=desk.manager, now=LATER, reason="证据充分")
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by, entry.decided_at) == ("in_force", desk.manager, LATER)
    assert desk.blocked()
    steps = entry.steps.order_by("id").values_list("from_state", "to_state", "by", "note")
    assert list(steps) == [
        ("", "proposed", desk.handler.pk, "威胁坐席"),
        ("proposed", "in_force", desk.manager.pk, "证据充分"),
    ]


def test_approvers_in_scope_are_told_and_nobody_else(desk):
    stranger, observer = make_user("manager", unit=make_team().unit), make_user("agent", team=desk.team)
    desk.propose(by=desk.lead)
    told = set(Notification.objects.values_list("recipient", flat=True))
    assert told == {desk.manager.pk}
    assert not told & {stranger.pk, observer.pk, desk.handler.pk}


def test_rejected_proposal_stays_on_record_and_forbids_nothing(desk):
    entry = desk.propose()
    with pytest.raises(Refused):
        actions.reject_entry(entry=entry, by=desk.lead, now=NOW, reason=" ")
    actions.reject_entry(entry=entry, by=desk.lead, now=NOW, reason="证据不足")
    assert not desk.blocked()
    with pytest.raises(IllegalMove):
        actions.approve_entry(entry=entry, by=desk.manager, now=NOW)


def test_removal_takes_a_reason_and_a_second_person_and_blocks_until_then(desk):
    entry = actions.block(customer=desk.customer, category="asked", reason="r", by=desk.lead, now=NOW)
    with pytest.raises(Refused):
        actions.propose_removal(entry=entry, by=desk.lead, now=NOW, reason="")
    actions.propose_removal(entry=entry, by=desk.lead, now=NOW, reason="客户来信同意")
    assert desk.blocked(), "a wish to remove is not a removal"
    with pytest.raises(Refused) as refused:
        actions.confirm_removal(entry=entry, by=desk.lead, now=NOW)
    assert refused.value.code == "second_person"
    actions.confirm_removal(entry=entry, by=desk.manager, now=LATER)
    entry.refresh_from_db()
    assert (entry.state, entry.removal_by, entry.removed_by) == ("removed", desk.lead, desk.manager)
    assert not desk.blocked()
    assert entry.steps.order_by("-id").first().note == "客户来信同意"


def test_removal_that_is_refused_leaves_the_entry_in_force(desk):
    entry = actions.block(customer=desk.customer, category="asked", reason="r", by=desk.lead, now=NOW)
    actions.propose_removal(entry=entry, by=desk.lead, now=NOW, reason="误录")
    actions.keep_entry(entry=entry, by=desk.manager, now=NOW, reason="录音证实客户要求")
    entry.refresh_from_db()
    assert (entry.state, entry.removal_by) == ("in_force", None)
    actions.propose_removal(entry=entry, by=desk.manager, now=LATER, reason="再次")
    assert desk.blocked()


def test_only_leads_and_managers_in_scope_decide(desk):
    entry = desk.propose(by=desk.lead)
    for person in (
        desk.handler,
        make_user("agent", team=desk.team),
        make_user("manager", unit=make_team().unit),
    ):
        with pytest.raises(PermissionDenied):
            actions.decide_entry(entry=entry, verb="approve", by=person, now=NOW, reason="")
    number = desk.propose(customer=None, number="13900139000", by=desk.handler)
    with pytest.raises(PermissionDenied):
        actions.decide_entry(entry=number, verb="approve", by=desk.lead, now=NOW, reason="")
    actions.decide_entry(entry=number, verb="approve", by=desk.manager, now=NOW, reason="")
    assert BlacklistEntry.objects.in_force(NOW).get() == number


def test_the_database_too_wants_a_second_person(desk):
    values = {"customer": desk.customer, "category": "x", "reason": "r", "created_at": NOW}
    for wrong in (
        {"created_by": desk.lead, "decided_by": desk.lead},
        {"removal_by": desk.lead, "removed_by": desk.lead},
        {"customer": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            BlacklistEntry.objects.create(**values | wrong)


def test_source_proposes_once_whatever_became_of_it(desk):
    entry = desk.propose(source="complaint:7:1")
    actions.reject_entry(entry=entry, by=desk.lead, now=NOW, reason="否")
    assert desk.propose(source="complaint:7:1") == entry
    assert BlacklistEntry.objects.count() == 1


def test_same_wish_twice_is_one_entry_but_a_proposal_does_not_swallow_it(desk):
    desk.propose(category="asked")
    first = actions.block(customer=desk.customer, category="asked", reason="r", by=desk.lead, now=NOW)
    again = actions.block(customer=desk.customer, category="asked", reason="r", by=desk.lead, now=NOW)
    assert first == again
    assert first.state == "in_force"


def test_proposal_that_has_run_out_cannot_be_approved(desk):
    entry = desk.propose(expires_at=LATER)
    with pytest.raises(Conflict) as conflict:
        actions.approve_entry(entry=entry, by=desk.manager, now=LATER)
    assert conflict.value.code == "entry_over"


def test_expired_entry_forbids_nothing_and_removed_ones_never_come_back_by_time(desk):
    actions.block(
        customer=desk.customer, category="asked", reason="r", by=desk.lead, now=NOW, expires_at=LATER
    )
    assert desk.blocked(now=LATER - timedelta(microseconds=1))
    assert not desk.blocked(now=LATER)


def test_number_on_the_list_is_passed_over_for_another_of_the_customer(desk):
    desk.customer.phones.create(number="+8613900139000")
    actions.block(number="13800138000", category="asked", reason="r", by=None, now=NOW)
    ask = {"channel": "phone", "purpose": "service", "campaign_code": "", "now": NOW}
    assert queries.decide_many([desk.customer.pk], **ask)[desk.customer.pk].allowed
    actions.block(number="13900139000", category="asked", reason="r", by=None, now=NOW)
    assert queries.decide_many([desk.customer.pk], **ask)[desk.customer.pk].codes == ("blacklisted",)


def test_filters_of_the_list(desk):
    everywhere = actions.block(number="13900139000", category="legal", reason="r", by=None, now=NOW)
    person = actions.block(
        customer=desk.customer, purpose="sales", category="asked", reason="r", by=None, now=NOW
    )
    client = make_client()
    own = actions.block(
        number="13900139001",
        client=client,
        campaign_code="TEL",
        category="asked",
        reason="r",
        by=None,
        now=NOW,
        expires_at=LATER,
    )
    waiting = desk.propose()
    foreign = actions.block(customer=make_customer(), category="asked", reason="r", by=None, now=NOW)

    def found(**filters):
        return list(queries.entry_list(desk.manager, now=LATER, **filters))

    assert found() == [waiting, own, person, everywhere]
    assert foreign not in found()
    assert found(reach="everywhere") == [waiting, everywhere]
    assert found(reach="client") == found(client=client) == found(reach="campaign") == [own]
    assert found(reach="purpose") == [person]
    assert found(reach="number") == [own, everywhere]
    assert found(reach="person") == [waiting, person]
    assert found(category="legal") == [everywhere]
    assert found(state="in_force") == [person, everywhere]
    assert found(state="expired") == [own]
    assert found(state="proposed") == [waiting]
    assert found(number="139 0013 9000") == [everywhere]
    assert found(number="13800138000") == [waiting, person], "whoever has the number is found too"
    assert found(number="3800138") == []
