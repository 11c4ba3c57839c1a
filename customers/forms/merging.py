"""Which of two records' values a merged customer keeps (CUS-1)."""

from dataclasses import dataclass

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from callcenter.masking import mask_text
from customers.actions import MERGEABLE
from customers.models import Customer, CustomField
from customers.rules.custom_fields import PREFIX

OWN, OTHER = "own", "other"


@dataclass(frozen=True)
class Row:
    """One line of the comparison: what both records say, and which of them is chosen ("" where there is no choice)."""

    name: str
    label: str
    own: str
    other: str
    chosen: str


class MergeForm(forms.Form):
    """A choice for every column in which both records say something, and something else."""

    own_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    other_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, survivor: Customer, loser: Customer, fields: list[CustomField], **kwargs):
        initial = {"own_version": survivor.version, "other_version": loser.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.survivor, self.loser = survivor, loser
        self.sides = (survivor, loser)
        self.compared = [
            *(
                (name, _column_label(name), _shown(survivor, name), _shown(loser, name), self._differ(name))
                for name in MERGEABLE
            ),
            *self._own_fields(fields),
        ]
        for name, _label, own, other, differ in self.compared:
            if own and other and differ:
                choices = [(OWN, own), (OTHER, other)]
                self.fields[f"take_{name}"] = forms.ChoiceField(choices=choices, required=False)

    def _own_fields(self, fields):
        labels = {field.name: str(field) for field in fields}
        names = [*labels, *(name for one in (self.survivor, self.loser) for name in one.custom)]
        for name in dict.fromkeys(names):
            own, other = (str(one.custom.get(name, "")) for one in (self.survivor, self.loser))
            yield f"{PREFIX}{name}", labels.get(name, name), mask_text(own), mask_text(other), own != other

    def _differ(self, name):
        """By what is stored: two addresses may look alike when they are hidden; a number is sealed anew every time."""
        column = "id_print" if name == "id_sealed" else name
        return getattr(self.survivor, column) != getattr(self.loser, column)

    def rows(self) -> list[Row]:
        """The comparison, the lines with a choice first."""
        rows = []
        for name, label, own, other, _differ in self.compared:
            if not own and not other:
                continue
            field = f"take_{name}"
            chosen = self.data.get(field) if self.is_bound else None
            chosen = (chosen if chosen in (OWN, OTHER) else OWN) if field in self.fields else ""
            rows.append(Row(name, label, own, other, chosen))
        return sorted(rows, key=lambda row: not row.chosen)

    def taken(self) -> list[str]:
        """The names of the columns whose value comes from the other record."""
        values = self.cleaned_data.items()
        return [name.removeprefix("take_") for name, value in values if value == OTHER]

    def versions(self) -> dict[int, int]:
        """The versions of both records that the person had before their eyes."""
        data = self.cleaned_data
        return {self.survivor.pk: data["own_version"], self.loser.pk: data["other_version"]}


def _column_label(name):
    if name == "id_sealed":
        return _("Identity number")
    return str(Customer._meta.get_field(name).verbose_name)


def _shown(customer, name) -> str:
    """What everybody may see of a column (CUS-11)."""
    hidden = {"email": "masked_email", "id_sealed": "masked_identity"}
    value = getattr(customer, hidden.get(name, name))
    if name == "key_customer":
        return _("yes") if value else _("no")
    if name == "amount" and value is not None:
        return number_format(value, 2, force_grouping=True)
    if isinstance(value, list):
        return "; ".join("–".join(pair) for pair in value)
    display = getattr(customer, f"get_{name}_display", None)
    if value in ("", None):
        return ""
    return str(display() if display else value)
