"""The further fields of one client's customers: which there are, and what one customer has in them (CUS-1)."""

from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format

from customers.models import Customer, CustomField


@dataclass(frozen=True)
class Shown:
    """A further field of one customer as its page shows it."""

    label: str
    value: str


def fields_of(client_id: int) -> list[CustomField]:
    """The client's fields in their order."""
    return list(CustomField.objects.filter(client_id=client_id).order_by("position", "id"))


def shown_fields(customer: Customer, fields: list[CustomField]) -> list[Shown]:
    """The defined fields in their order, then whatever else a file brought."""
    defined = [Shown(str(field), _shown(field, customer.custom.get(field.name, ""))) for field in fields]
    names = {field.name for field in fields}
    others = [Shown(name, str(value)) for name, value in customer.custom.items() if name not in names]
    return defined + others


def _shown(field: CustomField, value) -> str:
    """Dates and numbers as the reader writes them; what does not fit its kind as it came."""
    text = str(value)
    try:
        if field.kind == CustomField.Kind.DATE and (day := parse_date(text)):
            return date_format(day, "SHORT_DATE_FORMAT")
        if field.kind == CustomField.Kind.NUMBER and text:
            return number_format(text, force_grouping=True)
    except ValueError:
        return text
    return text
