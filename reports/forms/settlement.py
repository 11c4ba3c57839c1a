"""Forms of settlement: a statement to make, a scheme, the scheme of a campaign (KPI-13)."""

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Client
from reports.models import SettlementScheme, whole_clients

MONTHS = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100


class MonthField(forms.DateField):
    """A month as its first day; browsers without a month picker take ``2026-11`` as text."""

    widget = forms.DateInput({"type": "month"}, format="%Y-%m")

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **options)

    def clean(self, value):
        day = super().clean(value)
        if day is None:
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a month between 2000 and 2100."))
        return day.replace(day=1)


class StatementForm(forms.Form):
    client = forms.ModelChoiceField(Client.objects.none(), label=_("Client"))
    month = MonthField(label=_("Month"))

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, initial={"month": today.replace(day=1) - timedelta(days=1)}, **kwargs)
        self.fields["client"].queryset = whole_clients(user).order_by("name", "id")


class SchemeForm(forms.ModelForm):
    """``fee_percents`` is typed as one line of numbers."""

    fee_percents = forms.CharField(
        label=_("Share of the monthly fee in percent, by month"),
        max_length=400,
        required=False,
        help_text=_(
            "The first month first, separated by commas: 50, 15, 15, 15, 15, 15. Nothing is paid after the last."
        ),
    )

    class Meta:
        model = SettlementScheme
        fields = (
            "name",
            "fee_percents",
            "monthly_fee",
            "per_questionnaire",
            "per_void_order",
            "per_complaint",
            "complaints_double",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["fee_percents"] = ", ".join(self.instance.fee_percents)

    def clean_fee_percents(self):
        parts = [part for part in re.split(r"[,，、;；\s]+", self.cleaned_data["fee_percents"]) if part]
        if len(parts) > MONTHS:
            raise forms.ValidationError(_("At most %(months)d months.") % {"months": MONTHS})
        return [_percent(part) for part in parts]


def _percent(text):
    try:
        share = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        share = None
    if share is None or not share.is_finite() or not 0 <= share <= 1_000 or share != round(share, 2):
        raise forms.ValidationError(
            _("“%(text)s” is no share: give a number from 0 to 1000 with at most two decimals.")
            % {"text": text[:20]}
        )
    return f"{share.normalize():f}"


class CampaignSchemeForm(forms.Form):
    scheme = forms.ModelChoiceField(SettlementScheme.objects.none(), label=_("Settlement scheme"))
    since = MonthField(label=_("From the month"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = SettlementScheme.objects.order_by("name", "id")


class SignForm(forms.Form):
    """When the figures were counted that are signed."""

    counted_at = forms.DateTimeField()
