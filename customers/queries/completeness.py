"""Which records lack what their client requires (CUS-4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from customers.models import Client, Customer, CustomField, Phone
from customers.rules.completeness import completeness
from customers.rules.custom_fields import PREFIX
from customers.rules.importing import TARGETS

# Fields that are NULL or [] rather than "" when empty.
_NULL = {"amount", "region"}
_LISTS = {"rest_hours", "preferred_hours"}
REQUIRABLE = tuple(name for name in TARGETS if name not in ("phone2", "phone3", "key_customer", "consent"))


# Records that nobody can complete: without a person behind them, or no longer standing for one.
_NOT_COUNTED = (Customer.Restriction.ERASED, Customer.Restriction.MERGED)


def filled(name: str, prefix: str = ""):
    """The condition that a customer has the field; a number counts only while it is in use.

    ``prefix`` leads from the model that is asked to the customer ("customer__").
    """
    if name.startswith(PREFIX):
        value = KeyTextTransform(name.removeprefix(PREFIX), f"{prefix}custom")
        return GreaterThan(Coalesce(value, Value(""), output_field=CharField()), Value(""))
    if name == "phone":
        return Exists(Phone.objects.usable().filter(customer=OuterRef(f"{prefix}pk")))
    if name == "id_number":
        return ~Q(**{f"{prefix}id_print": ""})
    if name in _NULL:
        return Q(**{f"{prefix}{name}__isnull": False})
    return ~Q(**{f"{prefix}{name}": [] if name in _LISTS else ""})


@dataclass(frozen=True)
class Required:
    """What each client requires: by its id the names of the fields, and by name what they are called."""

    names: dict[int, list[str]]
    labels: dict[str, str]


def required_by_client(clients) -> Required:
    """The required fields of a queryset's clients, our columns first, then their own; two queries."""
    names: dict[int, list[str]] = {}
    labels = {name: _(TARGETS[name][0]) for name in REQUIRABLE}
    for client in clients.order_by("id"):
        names[client.pk] = [name for name in client.required_fields if name in REQUIRABLE]
    own = CustomField.objects.filter(client__in=list(names), required=True).order_by("position", "id")
    for field in own:
        names[field.client_id].append(f"{PREFIX}{field.name}")
        labels[f"{PREFIX}{field.name}"] = str(field)
    return Required({pk: found for pk, found in names.items() if found}, labels)


def completeness_by_team(user) -> list[dict]:
    """One line per client, unit and team in scope: customers, score and how many lack each required field.

    Three queries, whatever the number of clients; erased customers and merged duplicates are not counted.
    """
    columns = ("client__name", "client_id", "unit__name", "unit_id", "team__name", "team_id")
    return completeness_by(Customer.objects.visible_to(user), columns, user=user)


def completeness_by(rows, columns, *, user, prefix: str = "") -> list[dict]:
    """One line per client and value of ``columns`` of the customers that ``rows`` lead to by ``prefix``, each counted once.

    ``columns`` name the client's id too. The apps above count by agent and by list with it.
    """
    required = required_by_client(Client.objects.visible_to(user))
    fields = sorted({name for names in required.names.values() for name in names})
    customer = f"{prefix}pk"
    found = (
        rows.filter(**{f"{prefix}client__in": list(required.names)})
        .exclude(**{f"{prefix}restriction__in": _NOT_COUNTED})
        .order_by()
        .values(*columns)
        .annotate(
            customers=Count(customer, distinct=True),
            **{
                f"has_{place}": Count(customer, filter=filled(name, prefix), distinct=True)
                for place, name in enumerate(fields)
            },
        )
        .order_by(*columns)
    )
    return [_line(row, row[f"{prefix}client_id"], fields, required) for row in found]


def _line(row, client_id, fields, required: Required):
    names = required.names[client_id]
    counts = {name: row.pop(f"has_{place}") for place, name in enumerate(fields)}
    return row | {
        "score": completeness(names, counts, row["customers"]),
        "missing": list(_missing(names, counts, row["customers"], required.labels)),
    }


def _missing(names, counts, customers, labels) -> Iterator[dict]:
    for name in names:
        if lacking := customers - counts[name]:
            yield {"field": name, "label": labels[name], "count": lacking}


def completeness_of(customer: Customer, fields: list[CustomField]) -> tuple[float | None, list[str]]:
    """How complete one record is, 0 to 1 (None when its client requires nothing), and what it lacks, in words.

    Of the customer as loaded, with its phones and the client's ``fields``; no query.
    """
    names = [name for name in customer.client.required_fields if name in REQUIRABLE]
    has = {name: bool(_has(customer, name)) for name in names}
    labels = {name: _(TARGETS[name][0]) for name in names}
    for field in fields:
        if field.required:
            has[f"{PREFIX}{field.name}"] = bool(customer.custom.get(field.name))
            labels[f"{PREFIX}{field.name}"] = str(field)
    score = completeness(list(has), {name: int(there) for name, there in has.items()}, 1)
    return score, [labels[name] for name, there in has.items() if not there]


def _has(customer, name):
    if name == "phone":
        return any(phone.state == Phone.State.VALID for phone in customer.phones.all())
    if name == "id_number":
        return customer.id_print
    return getattr(customer, name) not in ("", None, [])
