"""Which records lack what their client requires (CUS-4)."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q

from customers.models import Client, Customer, Phone
from customers.rules.completeness import completeness
from customers.rules.importing import TARGETS

# Fields that are NULL or [] rather than "" when empty.
_NULL = {"amount", "region"}
_LISTS = {"rest_hours", "preferred_hours"}
REQUIRABLE = tuple(name for name in TARGETS if name not in ("phone2", "phone3", "key_customer", "consent"))


def filled(name: str):
    """The condition that a customer has the field; a number counts only while it is in use."""
    if name == "phone":
        return Exists(Phone.objects.usable().filter(customer=OuterRef("pk")))
    if name == "id_number":
        return ~Q(id_print="")
    if name in _NULL:
        return Q(**{f"{name}__isnull": False})
    return ~Q(**{name: [] if name in _LISTS else ""})


def completeness_by_team(user) -> list[dict]:
    """One line per client, unit and team in scope: customers, score and how many lack each required field.

    One query, whatever the number of clients; erased customers are not counted.
    """
    clients = Client.objects.visible_to(user).exclude(required_fields=[]).order_by("id")
    required = {
        client.pk: [name for name in client.required_fields if name in REQUIRABLE] for client in clients
    }
    fields = sorted({name for names in required.values() for name in names})
    rows = (
        Customer.objects.visible_to(user)
        .filter(client__in=required)
        .exclude(restriction=Customer.Restriction.ERASED)
        .values("client_id", "client__name", "unit_id", "unit__name", "team_id", "team__name")
        .annotate(
            customers=Count("pk", distinct=True),
            **{f"has_{name}": Count("pk", filter=filled(name), distinct=True) for name in fields},
        )
        .order_by("client__name", "client_id", "unit__name", "unit_id", "team__name", "team_id")
    )
    return [_line(row, required[row["client_id"]]) for row in rows]


def _line(row, names):
    counts = {name: row[f"has_{name}"] for name in names}
    return row | {
        "score": completeness(names, counts, row["customers"]),
        "missing": list(_missing(names, counts, row["customers"])),
    }


def _missing(names, counts, customers) -> Iterator[dict]:
    for name in names:
        if lacking := customers - counts[name]:
            yield {"field": name, "label": TARGETS[name][0], "count": lacking}
