"""What people type about quota plans beyond name and team (CAM-3, CAM-4)."""

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.forms import QuotaPlanForm
from campaigns.models.quotas import CONTACTED_WITHIN_DAYS


class DatedQuotaPlanForm(QuotaPlanForm):
    """A new quota plan, and how soon its customers are to be called."""

    contact_days = forms.IntegerField(
        label=gettext_lazy("Days until the first call"),
        help_text=gettext_lazy("Who has not been called by then comes up to the lead."),
        min_value=1,
        max_value=90,
        initial=CONTACTED_WITHIN_DAYS,
        required=False,
    )

    def clean_contact_days(self) -> int:
        return self.cleaned_data["contact_days"] or CONTACTED_WITHIN_DAYS
