"""Finding customers, and writing one down (CUS-1)."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.forms.custom_fields import add_own_fields, own_values
from customers.models import Client, Customer, CustomField, Region
from customers.queries.completeness import REQUIRABLE
from customers.queries.imports import importable_teams, importable_units
from customers.rules.custom_fields import PREFIX
from customers.rules.identity import IdentityRejected, read_identity
from customers.rules.importing import FAULTS, TARGETS, hours
from people.models import Team

ALL = gettext_lazy("all")


class CustomerFilter(forms.Form):
    """Search and filters of the list; nonsense values simply do not filter."""

    q = forms.CharField(
        label=gettext_lazy("Part of the name, pinyin or initials, or customer number"),
        required=False,
        max_length=120,
    )
    client = forms.ModelChoiceField(
        label=gettext_lazy("Client"), required=False, queryset=Client.objects.none(), empty_label=ALL
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"), required=False, queryset=Region.objects.none(), empty_label=ALL
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), required=False, queryset=Team.objects.none(), empty_label=ALL
    )
    level = forms.CharField(label=gettext_lazy("Level"), required=False, max_length=30)
    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"), required=False, choices=[("", ALL), *Customer.Nature.choices]
    )
    key_customer = forms.NullBooleanField(
        label=gettext_lazy("Key customer"),
        required=False,
        widget=forms.Select(
            choices=[("", ALL), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]
        ),
    )

    missing = forms.ChoiceField(label=gettext_lazy("Without"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [(name, _(TARGETS[name][0])) for name in REQUIRABLE]
        clients = Client.objects.visible_to(user)
        own = CustomField.objects.filter(client__in=clients, required=True).order_by("position", "id")
        fields += {f"{PREFIX}{field.name}": str(field) for field in own}.items()
        self.fields["missing"].choices = [("", _("nothing chosen")), *fields]
        self.fields["client"].queryset = clients.order_by("name", "id")
        self.fields["region"].queryset = Region.objects.order_by("name", "id")
        self.fields["team"].queryset = Team.objects.visible_to(user).order_by("name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.customer_list``."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class HoursField(forms.CharField):
    """Hours of the day as people write them: ``12:00-13:30; 21:00-08:00``."""

    def prepare_value(self, value):
        if isinstance(value, list):
            return "; ".join("-".join(pair) for pair in value)
        return value

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return json.loads(hours(text) or "[]")
        except ValueError:
            raise ValidationError(" ".join(_(part) for part in FAULTS["bad_hours"])) from None


class CustomerForm(forms.ModelForm):
    """A customer's own columns. ``version`` tells what the person had before their eyes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    rest_hours = HoursField(
        label=gettext_lazy("Rest hours"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("When the customer must not be called, for example 12:00-13:30; 21:00-08:00"),
    )
    preferred_hours = HoursField(label=gettext_lazy("Preferred hours"), required=False, max_length=200)

    id_number = forms.CharField(
        label=gettext_lazy("Identity number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # What is hidden is not in the form either: an empty field leaves it as it is.
    remove_email = forms.BooleanField(label=gettext_lazy("Remove the e-mail address"), required=False)
    remove_id_number = forms.BooleanField(label=gettext_lazy("Remove the identity number"), required=False)

    class Meta:
        model = Customer
        fields = [
            "name",
            "external_id",
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
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.order_by("name", "id")
        self.initial["email"] = ""
        # Kept apart: validating the form writes what was typed into the instance.
        self.hidden = {"email": self.instance.masked_email, "id_number": self.instance.masked_identity}
        for name, masked in self.hidden.items():
            if masked:
                text = _("Stored: %(value)s. Empty leaves it as it is.") % {"value": masked}
                self.fields[name].help_text = text
            elif f"remove_{name}" in self.fields:
                del self.fields[f"remove_{name}"]
        # Before the form is cleaned: cleaning writes into the instance.
        self.stored = dict(self.instance.custom)
        add_own_fields(self, self.instance.client_id, self.stored)

    def clean_id_number(self):
        """The number as it is stored; what is wrong with it stands beside the field."""
        try:
            return read_identity(self.cleaned_data["id_number"])
        except IdentityRejected as rejected:
            raise ValidationError(f"{_(rejected.message)} {_(rejected.hint)}") from None

    def values(self) -> dict:
        """The columns to write, as keyword arguments of the action; hidden ones only when they change."""
        names = (*self.Meta.fields, "id_number")
        found = {name: value for name, value in self.cleaned_data.items() if name in names}
        for name in self.hidden:
            if not found[name] and not self.cleaned_data.get(f"remove_{name}"):
                del found[name]
        return found | ({"custom": own_values(self, self.stored)} if self.own_fields else {})

    def differences(self, stored: Customer) -> list[dict]:
        """What the form says otherwise than ``stored`` does: label, the stored value and the typed one."""
        theirs = type(self)(instance=stored)
        return [
            {
                "label": field.label,
                "stored": theirs.hidden.get(name) or field.prepare_value(theirs.initial.get(name, "")),
                "typed": self.data.get(name, ""),
            }
            for name, field in self.fields.items()
            if (name in self.Meta.fields or name in self.own_fields)
            and field.has_changed(theirs.initial.get(name), self.data.get(name))
        ]

    def validate_unique(self):
        """The database decides, when the action writes."""


# Choosing another client asks for its own fields; by POST, for what is typed already must stand in no address.
SHOW_FIELDS = {
    "hx-trigger": "change",
    "hx-target": "#content",
    "hx-select": "#content",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
    "hx-vals": '{"show_fields": "1"}',
}


class NewCustomerForm(CustomerForm):
    """A new customer: where it belongs, and its first number."""

    version = remove_email = remove_id_number = None
    client = forms.ModelChoiceField(label=gettext_lazy("Client"), queryset=Client.objects.none())
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("Empty: the unit of the team."),
    )
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False)
    number = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    field_order = ["client", "team", "unit", "name", "number", "external_id"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        place_fields(self, user)
        self.fields["client"].widget.attrs |= SHOW_FIELDS | {"hx-post": reverse("customers:new")}
        add_own_fields(self, self._chosen_client(), {})

    def _chosen_client(self) -> int | None:
        """The client whose fields are asked for: the one chosen, or the only one there is."""
        raw = str(self.data.get("client") or self.initial.get("client") or "")
        clients = self.fields["client"].queryset
        if raw.isascii() and raw.isdigit() and len(raw) < 19:
            return clients.filter(pk=int(raw)).values_list("pk", flat=True).first()
        ids = list(clients.values_list("pk", flat=True)[:2])
        return ids[0] if len(ids) == 1 else None

    def clean(self):
        super().clean()
        settle_unit(self)


def place_fields(form, user) -> None:
    """Offer only the clients, teams and units into which the person may bring customers."""
    form.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")
    form.fields["team"].queryset = importable_teams(user).order_by("name", "id")
    form.fields["unit"].queryset = importable_units(user).order_by("name", "id")


def settle_unit(form) -> None:
    """A team brings its unit; without one a unit must be chosen, and both must belong together."""
    team, unit = form.cleaned_data.get("team"), form.cleaned_data.get("unit")
    if team and unit and team.unit_id != unit.pk:
        form.add_error("team", _("The team belongs to another unit. Choose a team of the unit."))
    elif team:
        form.cleaned_data["unit"] = team.unit
    elif not unit and "unit" not in form.errors and "team" not in form.errors:
        form.add_error("team", _("Choose a team or a unit."))


class PhoneForm(forms.Form):
    """A further number of a customer."""

    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    preferred = forms.BooleanField(label=gettext_lazy("Dial this number first"), required=False)
