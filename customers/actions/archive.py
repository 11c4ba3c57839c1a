"""Writes to the archive: customers, their numbers, and what happened to them (CUS-1, CUS-2)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.actions.identity import sealed
from customers.actions.names import read_names
from customers.models import Client, Customer, CustomField, Phone, ServiceEvent
from customers.rules.custom_fields import BadValue, read_value
from customers.rules.phones import Phone as ReadPhone
from customers.rules.phones import PhoneRejected, normalise

# Columns that pages and API may set; where a customer belongs is settled when it is created.
EDITABLE = (
    "external_id",
    "name",
    "gender",
    "salutation",
    "nature",
    "relation",
    "level",
    "key_customer",
    "amount",
    "region",
    "address",
    "email",
    "language",
    "rest_hours",
    "preferred_hours",
    "source",
    "custom",
)


def create_customer(*, client: Client, unit, team, by, now: datetime, numbers=(), **values) -> Customer:
    """Add a customer with phone ``numbers`` as typed, the first being preferred.

    ``values`` are columns of ``EDITABLE``, and ``id_number``, which is stored sealed. Raises ``Refused`` for a number that
    is none, ``Conflict`` when the client already has the customer number. Whether ``by`` may add customers there is the
    caller's gate.
    """
    phones = [_read(number) for number in numbers if number.strip()]
    values = _with_custom(client.pk, values)
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                client=client, unit=unit, team=team, created_at=now, updated_at=now, **_columns(values)
            )
            for place, phone in enumerate(phones):
                _add(customer, phone, preferred=place == 0)
            read_names(Customer.objects.filter(pk=customer.pk))
    except IntegrityError:
        raise _number_taken() from None
    return customer


def update_customer(*, customer: Customer, version: int, by, now: datetime, **values) -> Customer:
    """Change columns of ``EDITABLE`` if nobody has changed the customer since ``version``; else ``Conflict`` (409).

    Raises ``Refused`` for a value that does not fit the client's own field, ``Conflict`` for a record merged into another.
    """
    values = _with_custom(customer.client_id, values)
    try:
        with transaction.atomic():
            changed = Customer.objects.filter(pk=customer.pk, version=version, merged_into=None).update(
                **_columns(values), version=F("version") + 1, updated_at=now
            )
            if changed:
                if "name" in values:
                    read_names(Customer.objects.filter(pk=customer.pk))
                log_access(
                    by,
                    AccessLog.Action.CHANGE,
                    "customer",
                    customer.pk,
                    now=now,
                    fields=sorted(name for name in values if name in (*EDITABLE, "id_number")),
                )
    except IntegrityError:
        raise _number_taken() from None
    if not changed:
        raise Conflict(
            _("Somebody else has changed this customer meanwhile. Compare both versions and save again."),
            code="lost_race",
        )
    customer.refresh_from_db()
    return customer


def _columns(values):
    """What is written: known columns as they are, the number of an identity document sealed."""
    known = {name: value for name, value in values.items() if name in EDITABLE}
    return known | (sealed(values["id_number"]) if "id_number" in values else {})


def _with_custom(client_id, values):
    """The values, those of the client's own fields read by their kind; what no field defines stays as it is."""
    if not values.get("custom"):
        return values
    custom, faults = dict(values["custom"]), {}
    for field in CustomField.objects.filter(client_id=client_id, name__in=list(custom)).order_by("id"):
        try:
            custom[field.name] = read_value(field.kind, str(custom[field.name]), field.options)
        except BadValue as bad:
            faults[f"custom.{field.name}"] = [f"{field}: {_(bad.message)}"]
    if faults:
        message = " ".join(text for texts in faults.values() for text in texts)
        raise Refused(message, code="custom_field", fields=faults)
    return values | {"custom": custom}


def _number_taken():
    message = _("The client already has a customer with this number. Open that customer instead.")
    return Conflict(message, code="customer_number_taken", fields={"external_id": [message]})


def add_phone(*, customer: Customer, number: str, preferred: bool = False) -> Phone:
    """Add a number as typed; one the customer has already is returned. Raises ``Refused`` for what is no number."""
    phone = _read(number)
    with transaction.atomic():
        # The customer's row is the lock: two people adding a first number do not both make theirs the preferred one.
        Customer.objects.select_for_update().filter(pk=customer.pk).values_list("pk").first()
        found = Phone.objects.filter(customer=customer, number=phone.e164, extension=phone.extension).first()
        found = found or _add(customer, phone, preferred=not customer.phones.filter(preferred=True).exists())
        return prefer_phone(phone=found) if preferred else found


@transaction.atomic
def prefer_phone(*, phone: Phone) -> Phone:
    """Make a number the one that is dialled first. Raises ``Refused`` for a number that is not in use."""
    if phone.state != Phone.State.VALID:
        raise Refused(_("This number is not in use. Mark it as valid first."), code="number_closed")
    Phone.objects.filter(customer_id=phone.customer_id, preferred=True).exclude(pk=phone.pk).update(
        preferred=False
    )
    Phone.objects.filter(pk=phone.pk).update(preferred=True)
    phone.refresh_from_db()
    return phone


def _read(number: str) -> ReadPhone:
    try:
        return normalise(number)
    except PhoneRejected as rejected:
        message = _(rejected.message)
        raise Refused(message, code=f"phone_{rejected.code}", fields={"number": [message]}) from None


def _add(customer, phone, *, preferred):
    return Phone.objects.create(
        customer=customer, number=phone.e164, extension=phone.extension, kind=phone.kind, preferred=preferred
    )


def record_event(
    *, customer: Customer, kind: str, external_id: str, occurred_at: datetime, facts: dict, now: datetime
) -> tuple[ServiceEvent, bool]:
    """A service event from a client's system, once per event number; returns it and whether it is new (CUS-2).

    The same event again is harmless. Raises ``Conflict`` when the number already stands for something else.
    """
    with transaction.atomic():
        event, created = ServiceEvent.objects.get_or_create(
            client_id=customer.client_id,
            kind=kind,
            external_id=external_id,
            defaults={"customer": customer, "occurred_at": occurred_at, "facts": facts, "created_at": now},
        )
    same = (event.customer_id, event.occurred_at, event.facts) == (customer.pk, occurred_at, facts)
    if not same:
        raise Conflict(
            _("This event number was already used for another event of the same kind."),
            code="event_number_taken",
        )
    return event, created
