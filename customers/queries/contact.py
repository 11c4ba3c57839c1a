"""May this customer be contacted now? The facts behind the shared decision (DESIGN section 2, CUS-6 … CUS-8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from customers.models import BlacklistEntry, Channel, Consent, Contact, Customer, Phone
from customers.queries.reference import Reference, reference
from customers.rules.contact import (
    NO_TASK,
    NUMBERED_CHANNELS,
    BlacklistFact,
    ConsentFact,
    ContactFacts,
    ContactRequest,
    Decision,
    TaskConditions,
    read_ranges,
)
from customers.rules.contact import may_contact as decide

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
CAPPED = (Channel.PHONE, Channel.SMS, Channel.VISIT)
CONTRACT_CHANNELS = (Channel.PHONE, Channel.POST, Channel.VISIT)


def may_contact(
    customer: Customer,
    *,
    number: str,
    channel: str,
    purpose: str,
    campaign_code: str,
    now: datetime,
    conditions: TaskConditions | tuple = (),
    on_record: bool = True,
) -> Decision:
    """Whether ``customer`` may be contacted at ``now``, or every reason against it and the next allowed instant.

    ``number`` is E.164 ("" when there is none), ``campaign_code`` "" outside a campaign, ``conditions`` what campaign and
    task add. Four queries besides the reference data; the customer's own columns are taken as passed. A caller who has just
    seen that consents, do-not-call list and ledger hold nothing about the customer, and that the number is valid, says so by
    ``on_record=False``: the same decision without a query.
    """
    ref = reference()
    request = ContactRequest(channel, purpose, customer.client_id, campaign_code, number)
    if not on_record:
        facts = _unknown(customer, purpose, ref)
        return decide(
            facts=facts,
            request=request,
            hours=ref.hours,
            rules=ref.rules,
            task=conditions or NO_TASK,
            now=now,
        )
    facts = _facts([customer], purpose=purpose, now=now, ref=ref, numbers=[number] if number else [])[
        customer.pk
    ]
    states = dict(facts.phones)
    state = states.get(number, "valid") if number else ""
    return decide(
        facts=replace(facts.contact, number_state=state),
        request=request,
        hours=ref.hours,
        rules=ref.rules,
        task=conditions or NO_TASK,
        now=now,
    )


def contact_facts(customer_ids: Iterable[int], *, purpose: str, now: datetime) -> dict[int, ContactFacts]:
    """The facts about many customers, by id: five queries however many there are, besides the reference data.

    ``number_state`` is "valid" when any number of the customer is, else the state of the first, "" without a number.
    """
    customers = Customer.objects.filter(pk__in=list(customer_ids)).order_by("id")
    found = _facts(list(customers), purpose=purpose, now=now, ref=reference())
    return {pk: facts.contact for pk, facts in found.items()}


def decide_many(
    customer_ids: Iterable[int],
    *,
    channel: str,
    purpose: str,
    campaign_code: str,
    now: datetime,
    conditions: Mapping[int, TaskConditions] | None = None,
) -> dict[int, Decision]:
    """The decision for many customers at once, each about the number that would be dialled first; five queries."""
    ref = reference()
    customers = list(Customer.objects.filter(pk__in=list(customer_ids)).order_by("id"))
    found = _facts(customers, purpose=purpose, now=now, ref=ref)
    return {
        customer.pk: decide(
            facts=found[customer.pk].contact,
            request=found[customer.pk].request(channel, purpose, customer.client_id, campaign_code),
            hours=ref.hours,
            rules=ref.rules,
            task=(conditions or {}).get(customer.pk, NO_TASK),
            now=now,
        )
        for customer in customers
    }


def _unknown(customer, purpose, ref: Reference) -> ContactFacts:
    """The facts about a customer of whom nothing but the archive's own columns is on record."""
    return ContactFacts(
        zone=settings.TIME_ZONE,
        regions=ref.regions.get(customer.region_id, ()),
        key_customer=customer.key_customer,
        consents=_by_contract(purpose, ref),
        rest_hours=read_ranges(customer.rest_hours or []),
        restriction=customer.restriction,
    )


def _by_contract(purpose, ref: Reference) -> list[ConsentFact]:
    """What the client's contract with the customer allows until it is withdrawn: calls, letters and visits (PIPL 13).

    A message on the customer's telephone or in the mailbox needs the customer's own word (CB-8).
    """
    if purpose not in ref.contract_purposes:
        return []
    return [ConsentFact(channel.value, purpose, True, ALWAYS) for channel in CONTRACT_CHANNELS]


class _Found:
    """The facts about one customer, with the numbers (number, state), the preferred first."""

    def __init__(self, contact: ContactFacts, phones: list[tuple[str, str]]):
        self.contact, self.phones = contact, phones

    def request(self, channel, purpose, client_id, campaign_code) -> ContactRequest:
        """The contact by the number to use first: a valid one that is not itself on the do-not-call list, if there is one."""
        if channel not in NUMBERED_CHANNELS:
            return ContactRequest(channel, purpose, client_id, campaign_code)
        valid = [number for number, state in self.phones if state == Phone.State.VALID]
        listed = {
            entry.number
            for entry in self.contact.blacklist
            if entry.client_id in (None, client_id)
            and entry.campaign_code in ("", campaign_code)
            and entry.purpose in ("", purpose)
        }
        free = (number for number in valid if number not in listed)
        return ContactRequest(
            channel, purpose, client_id, campaign_code, next(free, valid[0] if valid else "")
        )


def _facts(customers, *, purpose, now, ref: Reference, numbers=()) -> dict[int, _Found]:
    ids = [customer.pk for customer in customers]
    phones = defaultdict(list)
    rows = Phone.objects.filter(customer_id__in=ids).order_by("-preferred", "id")
    for pk, number, state in rows.values_list("customer_id", "number", "state"):
        phones[pk].append((number, state))
    consents = _consents(ids, purpose)
    blacklist = _blacklist(ids, phones, numbers, now)
    contacts, completed, refusals = _ledger(ids, purpose, now, ref)
    found = {}
    for customer in customers:
        pk = customer.pk
        own = phones[pk]
        states = [state for _number, state in own]
        facts = ContactFacts(
            zone=settings.TIME_ZONE,
            regions=ref.regions.get(customer.region_id, ()),
            key_customer=customer.key_customer,
            consents=[*consents[pk], *_by_contract(purpose, ref)],
            blacklist=blacklist[pk] + _about(blacklist, {*numbers, *(n for n, _state in own)}),
            refusals={purpose: refusals[pk]} if pk in refusals else {},
            rest_hours=read_ranges(customer.rest_hours or []),
            contacts=contacts[pk],
            last_completed_at=completed.get(pk),
            number_state="valid" if "valid" in states else (states[0] if states else ""),
            restriction=customer.restriction,
        )
        found[pk] = _Found(facts, own)
    return found


def _about(blacklist, numbers):
    return [entry for number in sorted(numbers) for entry in blacklist[number]]


def _consents(ids, purpose):
    found = defaultdict(list)
    rows = Consent.objects.filter(customer_id__in=ids, purpose=purpose).order_by("at", "id")
    for pk, channel, state, at in rows.values_list("customer_id", "channel", "state", "at"):
        found[pk].append(ConsentFact(channel, purpose, state == Consent.State.GRANTED, at))
    return found


def _blacklist(ids, phones, numbers, now):
    """Entries in force, by customer id, and by number for those that name no customer."""
    every = {number for own in phones.values() for number, _state in own} | set(numbers)
    found = defaultdict(list)
    rows = BlacklistEntry.objects.in_force(now).filter(
        Q(customer_id__in=ids) | Q(customer__isnull=True, number__in=every)
    )
    columns = ("customer_id", "number", "client_id", "campaign_code", "purpose", "category", "expires_at")
    for pk, number, *rest in rows.order_by("id").values_list(*columns):
        found[pk or number].append(BlacklistFact(number, *rest))
    return found


def _ledger(ids, purpose, now, ref: Reference):
    """Recent contacts of the capped channels, the last completed one, and until when a refusal of the purpose counts."""
    longest = timedelta(days=max(1, ref.rules.gap_days, ref.rules.key_gap_days))
    contacts, completed, refused = defaultdict(list), {}, defaultdict(list)
    rows = Contact.objects.filter(customer_id__in=ids).filter(
        Q(at__gt=now - longest) | Q(refused=True, purpose=purpose)
    )
    columns = ("customer_id", "channel", "purpose", "at", "completed", "refused")
    for pk, channel, why, at, done, said_no in rows.order_by("at", "id").values_list(*columns):
        if channel in CAPPED and at > now - timedelta(days=1):
            contacts[pk].append(at)
        if done:
            completed[pk] = at
        if said_no and why == purpose:
            refused[pk].append(at)
    return contacts, completed, _refusals(refused, purpose, ref)


def _refusals(refused, purpose, ref: Reference):
    until = {}
    for pk, times in refused.items():
        if purpose in ref.final_purposes or 0 < ref.refusals_forever <= len(times):
            until[pk] = None
        elif ref.refusal_days:
            until[pk] = max(times) + timedelta(days=ref.refusal_days)
    return until
