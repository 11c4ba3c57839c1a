"""What people type about targets (KPI-1)."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from campaigns.catalogue import METRICS
from people.models import Team, User
from surveys.forms import DayField


class TargetForm(forms.Form):
    """What a metric should be; rates may be written as 60 % or 0.6."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    value = forms.CharField(label=gettext_lazy("Target"), max_length=20)
    amber = forms.CharField(label=gettext_lazy("Near from"), max_length=20, required=False)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    agent = forms.ModelChoiceField(
        label=gettext_lazy("Agent"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    valid_from = DayField(label=gettext_lazy("Valid from"))
    valid_to = DayField(label=gettext_lazy("Valid to"), required=False)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(code, localized(words)) for code, words in METRICS.items()]
        self.fields["team"].queryset = campaign.teams.order_by("name", "id")
        agents = User.objects.holding("agent").filter(memberships__team__in=campaign.teams.all())
        self.fields["agent"].queryset = agents.order_by("full_name", "id")

    def _figure(self, name):
        text = self.cleaned_data[name].replace("％", "%").replace(" ", "").replace(",", "")
        if not text:
            return None
        share, text = text.endswith("%"), text.rstrip("%")
        try:
            figure = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(_("This is not a number. Write it like 60 % or 0.6.")) from error
        if not figure.is_finite() or not 0 <= figure < Decimal(10) ** 9:
            raise forms.ValidationError(_("The figure must lie between 0 and 1,000,000,000."))
        return round(figure / 100 if share else figure, 4)

    def clean_value(self):
        return self._figure("value")

    def clean_amber(self):
        return self._figure("amber")
