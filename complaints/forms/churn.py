"""The shape of what people type about churn warnings and their rules (CUS-10)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import ChurnRule, ChurnWarning
from complaints.queries.churn import TABS, retention_campaigns
from complaints.rules.churn import USES
from customers.models import Client

ALL = gettext_lazy("all")


class WarningFilter(forms.Form):
    """Filters of the list; nonsense values simply do not filter."""

    tab = forms.ChoiceField(required=False, choices=list(TABS.items()), widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False, choices=[("", ALL), *ChurnRule.Kind.choices]
    )
    client = forms.ModelChoiceField(
        label=gettext_lazy("Client"), required=False, queryset=Client.objects.none(), empty_label=ALL
    )
    key_customer = forms.NullBooleanField(
        label=gettext_lazy("Key customer"),
        required=False,
        widget=forms.Select(
            choices=[("", ALL), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.churn.warning_list``."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return {"tab": "open"} | values


class RetentionForm(forms.Form):
    """Which of the ticked warnings become tasks of which campaign."""

    warning = forms.ModelMultipleChoiceField(
        ChurnWarning.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": gettext_lazy("Tick at least one warning.")},
    )
    campaign = forms.ModelChoiceField(
        None, label=gettext_lazy("Retention campaign"), empty_label=gettext_lazy("choose one")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["warning"].queryset = ChurnWarning.objects.led_by(user)
        self.fields["campaign"].queryset = retention_campaigns(user)
        self.fields["campaign"].label_from_instance = lambda campaign: f"{campaign} · {campaign.client}"


class SettleForm(forms.Form):
    """How a warning ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class ChurnRuleForm(forms.ModelForm):
    """A rule; of its columns only those count that its kind uses."""

    class Meta:
        model = ChurnRule
        fields = [
            "name",
            "kind",
            "client",
            "event_kind",
            "field",
            "days",
            "percent",
            "times",
            "score",
            "in_a_row",
            "quiet_days",
            "active",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.order_by("name", "id")
        self.fields["client"].empty_label = _("every client")

    def clean(self):
        values = super().clean()
        uses = USES.get(values.get("kind", ""), frozenset())
        if "field" in uses and not values.get("field"):
            self.add_error("field", _("Name the field with the date or the amount."))
        if values.get("kind") == ChurnRule.Kind.SPEND_DOWN and not values.get("event_kind"):
            self.add_error("event_kind", _("Name the kind of event that tells the spend."))
        return values
