"""The contact rules as they are in force now, and the decision they give for a made-up case (CUS-7)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.conf import settings

from customers.models import Customer, DayType, Phone, Purpose, Region
from customers.queries.contact import may_contact
from customers.queries.reference import Reference, reference
from customers.rules.contact import ConsentFact, ContactFacts, ContactRequest, Decision
from customers.rules.contact import may_contact as decide

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WindowShown:
    """One calling window; empty names mean any, no hours no contacts on such a day."""

    purpose: str
    region: str
    day_type: str
    hours: tuple[tuple[time, time], ...]


def rules_in_force() -> Reference:
    """Caps, gaps and refusals as the decision reads them, at most ``REFERENCE_SECONDS`` old."""
    return reference()


def windows_in_force() -> list[WindowShown]:
    """The calling windows as the decision reads them, the general ones first: one query besides the reference data."""
    regions = dict(Region.objects.order_by("id").values_list("code", "name"))
    purposes, days = dict(Purpose.choices), dict(DayType.choices)
    rows = sorted(reference().hours.rules, key=lambda rule: (rule.region, rule.purpose, rule.day_type))
    return [
        WindowShown(
            purposes.get(rule.purpose, rule.purpose),
            regions.get(rule.region, rule.region),
            days.get(rule.day_type, rule.day_type),
            rule.ranges,
        )
        for rule in rows
    ]


def try_out(
    *,
    customer: Customer | None,
    region: Region | None,
    key_customer: bool,
    purpose: str,
    channel: str,
    now: datetime,
) -> Decision:
    """Whether a contact would be allowed at ``now``, with every reason against it.

    With a customer everything on record counts. Without one, a customer of the region is supposed who has agreed, is on no
    list and was never contacted: then only hours and days can speak against it.
    """
    if customer is not None:
        phone = Phone.objects.usable().filter(customer=customer).order_by("-preferred", "id").first()
        return may_contact(
            customer,
            number=phone.number if phone else "",
            channel=channel,
            purpose=purpose,
            campaign_code="",
            now=now,
        )
    ref = reference()
    facts = ContactFacts(
        zone=settings.TIME_ZONE,
        regions=ref.regions.get(region.pk, ()) if region else (),
        key_customer=key_customer,
        consents=[ConsentFact(channel, purpose, granted=True, at=ALWAYS)],
    )
    return decide(
        facts=facts, request=ContactRequest(channel, purpose), hours=ref.hours, rules=ref.rules, now=now
    )
