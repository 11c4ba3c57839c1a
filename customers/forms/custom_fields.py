"""A client's own fields in the form of its customers (CUS-1)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from callcenter.masking import mask_text
from customers.models import CustomField
from customers.queries.custom_fields import fields_of
from customers.rules.custom_fields import LONGEST, BadValue, read_value


class OwnTextField(forms.CharField):
    """Text, a number or a date, as its definition says.

    A number of a person in it is shown masked, as on the page (CUS-11); left as it is shown, the value stays what is stored.
    """

    def __init__(self, definition: CustomField, stored: str):
        self.definition, self.stored = definition, stored
        modes = {CustomField.Kind.NUMBER: {"inputmode": "decimal"}}
        super().__init__(
            label=str(definition),
            required=definition.required,
            max_length=LONGEST,
            widget=forms.TextInput(attrs=modes.get(definition.kind, {})),
            help_text=_("A date such as 2026-03-04") if definition.kind == CustomField.Kind.DATE else "",
        )

    def to_python(self, value):
        if self.stored and super().to_python(value) == mask_text(self.stored):
            return self.stored
        try:
            return read_value(self.definition.kind, super().to_python(value))
        except BadValue as bad:
            raise ValidationError(_(bad.message)) from None


class OwnChoiceField(forms.ChoiceField):
    """One of the values of the definition; one that a file brought is shown, and must be replaced."""

    def __init__(self, definition: CustomField, stored: str):
        self.definition = definition
        offered = [(option, option) for option in definition.options]
        if stored and stored not in definition.options:
            offered.append((stored, _("%(value)s (not one of the choices)") % {"value": stored}))
        super().__init__(label=str(definition), required=definition.required, choices=[("", "—"), *offered])

    def validate(self, value):
        super().validate(value)
        if value and value not in self.definition.options:
            raise ValidationError(_("Choose one of the values offered."))


def add_own_fields(form, client_id: int | None, stored: dict) -> None:
    """Add the client's fields to a form, filled with what is ``stored``."""
    form.own_fields = {}
    for definition in fields_of(client_id) if client_id else ():
        value = str(stored.get(definition.name, ""))
        choice = definition.kind == CustomField.Kind.CHOICE
        field = OwnChoiceField(definition, value) if choice else OwnTextField(definition, value)
        name = f"own_{definition.pk}"
        form.fields[name], form.initial[name] = field, value if choice else mask_text(value)
        form.own_fields[name] = definition.name


def own_values(form, stored: dict) -> dict:
    """The customer's further fields with what the form says; a field left empty is no longer there."""
    typed = {name: form.cleaned_data.get(field, "") for field, name in form.own_fields.items()}
    return {name: value for name, value in (stored | typed).items() if value != ""}
