"""Finding lines of the log of data protection (CUS-11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.queries.privacy import ACTS
from people.models import User

ALL = _("all")


class ProtectionFilter(forms.Form):
    """What was done, by whom, when; nonsense does not filter."""

    act = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", ALL), *[(name, label) for name, (label, _of) in ACTS.items()]],
    )
    person = forms.ModelChoiceField(
        label=_("Person"), required=False, queryset=User.objects.none(), empty_label=ALL
    )
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    end = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.visible_to(user).order_by("full_name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.protection_log``."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def as_facts(self) -> dict:
        """The filters as they stand in the access log about an export."""
        return {name: getattr(value, "pk", str(value)) for name, value in self.chosen().items()}
