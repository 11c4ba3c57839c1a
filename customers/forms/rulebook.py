"""A made-up case to try the contact rules on (CUS-7)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Channel, Customer, Purpose, Region


class TryOutForm(forms.Form):
    """Whom, what for, by which channel and when; the customer is named by the client's customer number."""

    customer = forms.CharField(
        label=gettext_lazy("Customer number"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Empty: any customer of the region, of whom nothing is on record."),
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"),
        required=False,
        queryset=Region.objects.order_by("name", "id"),
        empty_label=gettext_lazy("no region"),
    )
    key_customer = forms.BooleanField(label=gettext_lazy("Key customer"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel)
    at = forms.DateTimeField(
        label=gettext_lazy("At"),
        required=False,
        help_text=gettext_lazy("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self):
        """The customer in scope with this number, or None."""
        number = self.cleaned_data["customer"].strip()
        if not number:
            return None
        rows = Customer.objects.visible_to(self.user).select_related("client", "region")
        customer = rows.filter(external_id=number).order_by("id").first()
        if customer is None:
            raise forms.ValidationError(_("No customer in your scope has this number."))
        return customer

    def clean_at(self):
        """A year that a calendar has."""
        at = self.cleaned_data["at"]
        if at is not None and not 2000 <= at.year < 2100:
            raise forms.ValidationError(_("Choose a time between the years 2000 and 2100."))
        return at
