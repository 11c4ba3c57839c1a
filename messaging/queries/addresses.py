"""Where a message to a customer goes."""

from collections.abc import Iterable

from customers.models import Channel, Customer, Phone

TEXTABLE = (Phone.Kind.MOBILE, Phone.Kind.FOREIGN)


def address_of(customer: Customer, channel: str) -> str:
    """The number, e-mail or postal address for a channel; "" when there is none. SMS goes to no landline."""
    return addresses_of([customer], channel)[customer.pk]


def addresses_of(customers: Iterable[Customer], channel: str) -> dict[int, str]:
    """The same for many, by customer id; at most one query."""
    customers = list(customers)
    if channel == Channel.EMAIL:
        return {customer.pk: customer.email.lower() for customer in customers}
    if channel == Channel.POST:
        return {customer.pk: customer.address for customer in customers}
    found = {customer.pk: "" for customer in customers}
    rows = Phone.objects.usable().filter(customer__in=customers, kind__in=TEXTABLE)
    for pk, number in rows.order_by("preferred", "-id").values_list("customer_id", "number"):
        found[pk] = number
    return found
