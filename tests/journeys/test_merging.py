"""Two records of one customer become one, across every app, and can be separated again (CUS-1)."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, models

from callbacks.actions import record_call
from callbacks.models import Call, Task
from callbacks.tests.make import disposition, make_agent, make_claimed, make_task
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.sealing import fingerprint, seal
from campaigns.models import Account
from complaints.models import ChurnRule, ChurnWarning, Issue
from complaints.tests.make import make_complaint, make_floor, make_issue
from customers import actions
from customers.actions.merging.relations import relations
from customers.models import (
    BlacklistEntry,
    Client,
    Consent,
    Contact,
    Customer,
    DuplicatePair,
    Merge,
    NameKey,
    Phone,
)
from customers.queries import may_contact
from customers.tests.make import NOW, make_client, make_customer
from messaging.models import Reply
from messaging.tests.make import make_message
from reports.queries.counts import Selection, counts

LOGS = {"customers.Merge", "callcenter.AccessLog", "customers.DuplicatePair"}


def merge(survivor, loser, *, by=None, now=NOW, take=()):
    seen = {survivor.pk: survivor.version, loser.pk: loser.version}
    return actions.merge_customers(survivor=survivor, loser=loser, take=take, versions=seen, by=by, now=now)


def everything():
    """Every row of every table but the logs of the merge itself; of customers all but the counter that only goes on."""
    if not NameKey.objects.exists():
        actions.read_names(Customer.objects.all())
    found = {}
    for model in apps.get_models():
        if model._meta.label in LOGS or model._meta.proxy or not model._meta.managed:
            continue
        columns = [field.attname for field in model._meta.concrete_fields]
        if model is Customer:
            columns.remove("version")
        found[model._meta.label] = sorted(map(repr, model._base_manager.values_list(*columns)))
    return found


def differences(before, after):
    return {name: (set(before[name]) ^ set(after[name])) for name in before if before[name] != after[name]}


def call(floor, customer, at, code, number):
    made, _created = record_call(
        campaign=floor.campaign,
        customer=customer,
        agent=floor.agent,
        team=floor.team,
        disposition=disposition(code),
        number=customer.phones.order_by("id").first().number,
        started_at=at,
        answered_at=at + timedelta(seconds=5) if code == "DONE" else None,
        ended_at=at + timedelta(seconds=60),
        source="pbx",
        external_id=number,
        now=at + timedelta(seconds=60),
    )
    return made


def lived(floor, sign, days):
    """A customer with rows in every app."""
    customer = floor.customer(name="王芳", external_id=sign, custom={"险种": sign})
    at = NOW - timedelta(days=days)
    call(floor, customer, at, "NA" if sign == "A" else "DONE", f"{sign}1")
    make_task(floor.campaign, customer=customer, now=NOW)
    issue = make_issue(floor, customer=customer, now=at)
    make_complaint(floor, customer=customer, issue=issue, now=at)
    actions.grant_consent(customer=customer, channel="sms", purpose="sales", source=sign, by=None, now=at)
    actions.record_event(
        customer=customer, kind="claim", external_id=sign, occurred_at=at, facts={"of": sign}, now=at
    )
    actions.read_names(Customer.objects.filter(pk=customer.pk))
    return customer


@pytest.fixture
def floor(db):
    return make_floor()


def test_every_relation_to_a_customer_is_known():
    names = {field.model._meta.label for field in relations()}
    assert {
        "campaigns.Account", "callbacks.Call", "callbacks.Task", "complaints.Complaint", "complaints.Issue",
        "customers.BlacklistEntry", "customers.Consent", "customers.Contact", "customers.Customer",
        "customers.Phone", "customers.ServiceEvent", "surveys.Response",
    } <= names  # fmt: skip
    pointing = {
        field.model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Customer
    }
    assert pointing - names == {"customers.NameKey", "customers.DuplicatePair", "customers.Merge"}


def test_everything_of_both_belongs_to_the_survivor_afterwards(floor):
    survivor, loser = lived(floor, "A", 3), lived(floor, "B", 5)
    made = merge(survivor, loser, by=floor.lead)
    loser.refresh_from_db()
    assert (loser.merged_into_id, loser.restriction) == (survivor.pk, "merged")
    for field in relations():
        if field.model is not Customer:
            left = field.model._base_manager.filter(**{field.attname: loser.pk})
            assert not left.exists(), field.model._meta.label
    for model, count in ((Call, 2), (Issue, 2), (Consent, 2), (Phone, 2), (Account, 1)):
        assert model.objects.filter(customer=survivor).count() == count
    assert Phone.objects.filter(customer=survivor, preferred=True).count() == 1
    states = (
        Task.objects.filter(customer=survivor, kind="callback").order_by("id").values_list("state", flat=True)
    )
    assert list(states) == ["ready", "cancelled"]
    for one in (survivor, loser):
        log = AccessLog.objects.get(subject="customer_merged", subject_id=str(one.pk))
        assert (log.user, log.facts["merge"]) == (floor.lead, made.pk)
    assert set(NameKey.objects.values_list("customer", flat=True)) >= {survivor.pk}
    assert not NameKey.objects.filter(customer=loser).exists()


def test_key_figures_count_one_account_with_the_calls_of_both(floor):
    survivor, loser = lived(floor, "A", 3), lived(floor, "B", 5)
    span = Selection(NOW.date() - timedelta(days=10), NOW.date(), campaign_id=floor.campaign.pk)
    before = counts(floor.manager, span)
    merge(survivor, loser)
    after = counts(floor.manager, span)
    assert (before["accounts"], after["accounts"]) == (2, 1)
    assert (before["accounts_called"], after["accounts_called"]) == (2, 1)
    assert (before["accounts_completed"], after["accounts_completed"]) == (1, 1)
    account = Account.objects.get(customer=survivor)
    assert (account.attempts, account.completed_on) == (2, (NOW - timedelta(days=5)).date())
    assert account.first_called_on == (NOW - timedelta(days=5)).date()
    assert Call.objects.filter(account=account).count() == 2


def test_undoing_restores_every_value(floor):
    survivor, loser = lived(floor, "A", 3), lived(floor, "B", 5)
    before = everything()
    made = merge(survivor, loser, take=["external_id", "name", "custom:险种"], by=floor.lead)
    changed = differences(before, everything())
    assert {"customers.Customer", "campaigns.Account", "callbacks.Task", "callbacks.TaskStep"} <= set(changed)
    actions.undo_merge(merge=made, by=floor.manager, now=NOW + timedelta(days=30))
    assert differences(before, everything()) == {}
    made.refresh_from_db()
    assert made.undone_by == floor.manager
    assert Customer.objects.get(pk=loser.pk).version > loser.version


@pytest.mark.django_db
def test_undoing_restores_the_whole_demo():
    call_command("demo", stdout=StringIO(), verbosity=0)
    now = Call.objects.latest("created_at").created_at
    in_hand = Task.objects.held().values("customer")
    rich = (
        Customer.objects.exclude(pk__in=in_hand)
        .annotate(
            weight=models.Count("calls", distinct=True)
            + models.Count("tasks", distinct=True)
            + models.Count("issues", distinct=True) * 3
            + models.Count("complaints", distinct=True) * 5
        )
        .order_by("-weight", "id")
    )
    merged = 0
    for client in Client.objects.order_by("id"):
        own = list(rich.filter(client=client)[:12])
        for survivor, loser in zip(own[::2], own[1::2], strict=True):
            before = everything()
            made = merge(survivor, loser, now=now, take=["external_id", "name", "level", "address"])
            assert differences(before, everything())
            actions.undo_merge(merge=made, by=None, now=now)
            assert differences(before, everything()) == {}
            merged += 1
    assert merged >= 12
    assert Merge.objects.filter(undone_at=None).count() == 0


def test_a_signpost_may_not_be_called_and_refusals_of_both_survive(floor):
    survivor, loser = floor.customer(), floor.customer()
    asked = {"number": "", "channel": "phone", "campaign_code": "", "now": NOW}
    actions.block(customer=loser, category="asked", reason="never again", by=None, now=NOW)
    actions.record_contact(
        customer_id=survivor.pk, channel="phone", purpose="service", number="", campaign_code="", at=NOW,
        completed=False, refused=True,
    )  # fmt: skip
    merge(survivor, loser)
    loser.refresh_from_db()
    assert "customer_restricted" in may_contact(loser, purpose="service", **asked).codes
    codes = may_contact(survivor, purpose="service", **asked).codes
    assert {"blacklisted", "refused"} <= set(codes)
    assert BlacklistEntry.objects.get().customer == survivor
    assert Contact.objects.get().customer == survivor


def test_numbers_unite_and_a_closed_one_stays_closed(floor):
    numbers = ["+8613800000001", "+8613800000002"]
    survivor = floor.customer(phones=numbers)
    loser = floor.customer(phones=[numbers[0], "+8613800000003"])
    Phone.objects.filter(customer=loser, number=numbers[0]).update(state="wrong")
    before = everything()
    made = merge(survivor, loser)
    phones = {phone.number: phone for phone in Phone.objects.filter(customer=survivor)}
    assert sorted(phones) == [*numbers, "+8613800000003"]
    assert phones[numbers[0]].state == "wrong"
    assert [number for number, phone in phones.items() if phone.preferred] == [numbers[1]]
    actions.undo_merge(merge=made, by=None, now=NOW)
    assert differences(before, everything()) == {}


def test_chosen_values_win_and_empty_ones_are_filled(floor):
    survivor = floor.customer(
        name="王芳", external_id="A", email="", level="金卡", custom={"险种": "重疾险", "车牌": ""}
    )
    loser = floor.customer(
        name="王方", external_id="B", email="w@example.com", level="银卡", key_customer=True,
        custom={"险种": "医疗险", "车牌": "浙A"},
    )  # fmt: skip
    merge(survivor, loser, take=["external_id", "level"])
    survivor.refresh_from_db()
    loser.refresh_from_db()
    assert (survivor.name, survivor.external_id, survivor.email) == ("王芳", "B", "w@example.com")
    assert (survivor.level, survivor.key_customer) == ("银卡", True)
    assert survivor.custom == {"险种": "重疾险", "车牌": "浙A"}
    assert loser.external_id == "A"


def test_what_may_not_be_merged_is_refused(floor):
    one, other = floor.customer(), floor.customer()
    foreign = make_customer(client=make_client(), team=floor.team)
    held = floor.customer(restriction="legal_hold")
    for loser, code in ((foreign, "other_client"), (held, "restricted"), (one, "same_customer")):
        with pytest.raises(Refused) as refused:
            merge(one, loser)
        assert refused.value.code == code
    with pytest.raises(Conflict):
        actions.merge_customers(
            survivor=one, loser=other, versions={one.pk: 99, other.pk: 1}, by=None, now=NOW
        )
    merge(one, other)
    other.refresh_from_db()
    third = floor.customer()
    with pytest.raises(Conflict):
        merge(third, other)


def test_nobody_is_merged_while_an_agent_works_with_them(floor):
    agent = make_agent(floor.team)
    task = make_claimed(agent, floor.campaign)
    other = floor.customer()
    with pytest.raises(Conflict) as refused:
        merge(other, task.customer)
    assert refused.value.code == "customer_in_hand"


def test_undoing_ends_after_thirty_days_and_when_something_contradicts(floor):
    survivor, loser = lived(floor, "A", 3), lived(floor, "B", 5)
    made = merge(survivor, loser)
    with pytest.raises(Refused) as late:
        actions.undo_merge(merge=made, by=None, now=NOW + timedelta(days=30, seconds=1))
    assert late.value.code == "too_late"
    call(floor, survivor, NOW, "NA", "after")
    with pytest.raises(Conflict) as refused:
        actions.undo_merge(merge=made, by=None, now=NOW)
    assert refused.value.code == "merge_contradicted"
    assert Customer.objects.get(pk=loser.pk).merged_into == survivor


def test_undoing_is_refused_when_a_value_it_would_restore_has_changed(floor):
    survivor, loser = floor.customer(level=""), floor.customer(level="金卡")
    made = merge(survivor, loser)
    survivor.refresh_from_db()
    changed = actions.update_customer(
        customer=survivor, version=survivor.version, by=None, now=NOW, level="钻石"
    )
    with pytest.raises(Conflict):
        actions.undo_merge(merge=made, by=None, now=NOW)
    Customer.objects.filter(pk=changed.pk).update(level="金卡", updated_at=NOW)
    actions.undo_merge(merge=made, by=None, now=NOW)
    with pytest.raises(Conflict) as again:
        actions.undo_merge(merge=made, by=None, now=NOW)
    assert again.value.code == "already_undone"


def test_merges_are_undone_in_the_reverse_order(floor):
    one, two, three = (floor.customer() for _number in range(3))
    before = everything()
    first = merge(two, one)
    two.refresh_from_db()
    second = merge(three, two)
    one.refresh_from_db()
    assert one.merged_into == three
    with pytest.raises(Conflict):
        actions.undo_merge(merge=first, by=None, now=NOW)
    actions.undo_merge(merge=second, by=None, now=NOW)
    actions.undo_merge(merge=first, by=None, now=NOW)
    assert differences(before, everything()) == {}


def test_erasing_the_survivor_erases_what_was_merged_into_it(floor):
    canary = "金丝雀"
    survivor, loser = floor.customer(), floor.customer(name=canary, address=canary)
    made = merge(survivor, loser, take=["name"])
    survivor.refresh_from_db()
    actions.erase_customer(customer=survivor, by=None, reason="letter", now=NOW)
    assert canary not in "".join("".join(rows) for rows in everything().values())
    made.refresh_from_db()
    assert canary not in str(made.journal)
    with pytest.raises(actions.REFUSALS):
        actions.undo_merge(merge=made, by=None, now=NOW)


def test_a_call_reported_about_a_signpost_is_the_survivors(floor):
    survivor, loser = floor.customer(), floor.customer()
    merge(survivor, loser)
    loser.refresh_from_db()
    made, _created = record_call(
        campaign=floor.campaign, customer=loser, agent=floor.agent, team=floor.team, disposition=disposition("NA"),
        number="", started_at=NOW, ended_at=NOW, source="pbx", external_id="late", now=NOW,
    )  # fmt: skip
    assert made.customer == survivor


@pytest.mark.services
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("crossed", [False, True])
def test_of_two_merges_of_the_same_customer_at_once_one_wins(crossed):
    if connection.vendor != "postgresql":
        pytest.fail("needs PostgreSQL: set DATABASE_URL")
    floor = make_floor()
    one, other, third = (floor.customer() for _number in range(3))
    pairs = [(one, other), (other, one) if crossed else (third, other)]
    start, results = threading.Barrier(2), []

    def work(survivor, loser):
        try:
            start.wait()
            merge(survivor, loser)
            results.append("merged")
        except Conflict as conflict:
            results.append(conflict.status)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["409", "merged"]
    assert Merge.objects.count() == 1
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert not DuplicatePair.objects.exists()


def test_one_call_asks_to_stay_and_one_warning_stands_with_the_reasons_of_both(floor):
    survivor, loser = floor.customer(), floor.customer()
    rules = [ChurnRule.objects.create(name=f"r{number}", kind="complaints") for number in range(2)]
    tasks = [
        make_task(floor.campaign, customer=one, kind="retention", ready=False) for one in (survivor, loser)
    ]
    for one, state, task, of in ((survivor, "open", None, rules[:1]), (loser, "task_made", tasks[1], rules)):
        warning = ChurnWarning.objects.create(
            customer=one, state=state, task=task, opened_at=NOW, seen_at=NOW
        )
        for rule in of:
            warning.reasons.create(rule=rule, kind=rule.kind, facts={"of": one.pk}, seen_at=NOW)
    before = everything()
    made = merge(survivor, loser)
    assert [task.state for task in Task.objects.filter(customer=survivor).order_by("id")] == [
        "planned",
        "cancelled",
    ]
    unsettled = ChurnWarning.objects.unsettled().get()
    assert (unsettled.customer, unsettled.state, unsettled.reasons.count()) == (survivor, "task_made", 2)
    assert set(ChurnWarning.objects.values_list("customer", "state")) == {
        (survivor.pk, "task_made"), (survivor.pk, "over"),
    }  # fmt: skip
    actions.undo_merge(merge=made, by=None, now=NOW)
    assert differences(before, everything()) == {}


def test_messages_invitations_and_entries_move_and_come_back(floor):
    survivor, loser = (
        floor.customer(),
        floor.customer(id_sealed=seal("110101199003071022"), id_print=fingerprint("x")),
    )
    actions.grant_consent(customer=loser, channel="sms", purpose="service", source="x", by=None, now=NOW)
    message = make_message(loser)
    Reply.objects.create(key="r", channel="sms", sender="x", body="y", customer=loser, received_at=NOW)
    entry = actions.block(customer=loser, category="asked", reason="x", by=None, now=NOW)
    before = everything()
    made = merge(survivor, loser)
    for one in (message, entry):
        one.refresh_from_db()
        assert one.customer == survivor
    survivor.refresh_from_db()
    assert (survivor.masked_identity, survivor.id_print) == (loser.masked_identity, loser.id_print)
    assert Reply.objects.get().customer == survivor
    actions.undo_merge(merge=made, by=None, now=NOW)
    assert differences(before, everything()) == {}
