"""What people type about letters and home visits (CB-12)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callbacks.queries import lists
from callbacks.states import BY_HAND, DeliveryState
from callcenter.exports import ExportReasonForm
from campaigns.models import Campaign
from customers.models import Channel

NAMES = dict(Channel.choices)
# The results a person reports; "no reply" comes by itself.
REPORTED = [
    (one.value, one.label) for one in DeliveryState if one not in (DeliveryState.OPEN, DeliveryState.SILENT)
]
MOST = 200


class HandFilter(forms.Form):
    """Filters of the list; nonsense values simply do not filter."""

    tab = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("todo", _("to be done")), ("out", _("posted, waiting for a reply")), ("over", _("over"))],
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("all")), *((one, NAMES[one]) for one in BY_HAND)]
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = lists.campaigns_in_scope(user)

    def chosen(self) -> dict:
        """The filters that make sense."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TickedForm(forms.Form):
    """The tasks ticked in the list."""

    task = forms.TypedMultipleChoiceField(
        coerce=int, required=True, error_messages={"required": _("Tick at least one task.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = self.data.getlist("task")[:MOST] if hasattr(self.data, "getlist") else []
        self.fields["task"].choices = [
            (one, one) for one in given if one.isascii() and one.isdigit() and len(one) < 19
        ]


class ReportForm(TickedForm):
    """A result for the ticked ones and the day on which it came about."""

    result = forms.ChoiceField(label=_("Result"), choices=REPORTED)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def at(self, now) -> datetime:
        """The instant of the result: now for today, noon of an earlier day."""
        zone, day = ZoneInfo(settings.TIME_ZONE), self.cleaned_data["day"]
        if day == now.astimezone(zone).date():
            return now
        return datetime.combine(day, time(12), zone)


class SheetForm(TickedForm, ExportReasonForm):
    """Printing addresses is an export of personal data; it needs a reason."""

    field_order = ["reason", "task"]
