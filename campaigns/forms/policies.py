"""What people type about a callback policy, and the shipped ones it may start from (CAM-2)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from campaigns.catalogue import EVENT_KINDS, PRESETS
from campaigns.forms.segments import offer_segments
from campaigns.models import Policy
from messaging.forms.messages import template_label
from messaging.models import Template


class PolicyForm(forms.ModelForm):
    """A callback policy (CAM-2)."""

    event_kind = forms.CharField(
        label=gettext_lazy("Event"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("What the customer must have experienced, as the client's system sends it."),
    )
    coverage_percent = forms.DecimalField(
        label=gettext_lazy("Coverage in percent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=100,
    )
    minimum_per_stratum = forms.IntegerField(
        label=gettext_lazy("At least, per region"), min_value=0, max_value=1_000_000, initial=0
    )
    every_months = forms.IntegerField(
        label=gettext_lazy("Without an event: once in so many months"), min_value=0, max_value=60, initial=0
    )
    start_delay_days = forms.IntegerField(
        label=gettext_lazy("Starts after days"), min_value=0, max_value=365, initial=0
    )
    window = forms.IntegerField(label=gettext_lazy("Window"), min_value=0, max_value=1_000, initial=14)
    due_time = forms.TimeField(label=gettext_lazy("By this time of the last day"), required=False)
    priority = forms.IntegerField(
        label=gettext_lazy("Priority (1 first, 9 last)"), min_value=1, max_value=9, initial=5
    )
    fallback_days = forms.IntegerField(
        label=gettext_lazy("After days without a reply"), min_value=0, max_value=365, initial=3
    )
    fact_name = forms.RegexField(
        label=gettext_lazy("Only events whose field"),
        regex=r"\A[\w -]{1,40}\Z",
        required=False,
        error_messages={"invalid": gettext_lazy("Use letters, digits, spaces and hyphens only.")},
    )

    class Meta:
        model = Policy
        fields = [
            "name",
            "event_kind",
            "every_months",
            "coverage_percent",
            "minimum_per_stratum",
            "start_delay_days",
            "window",
            "window_unit",
            "due_time",
            "priority",
            "owner",
            "channel",
            "fallback_channel",
            "fallback_days",
            "text",
            "key_customers_only",
            "ordinary_only",
            "without_phone",
            "nature",
            "segment",
            "fact_name",
            "fact_value",
            "active",
        ]

    def __init__(self, *args, user, client, **kwargs):
        super().__init__(*args, **kwargs)
        offer_segments(self, user, client)
        self.fields["owner"].required = False
        self.fields["event_kind"].widget.attrs["list"] = "event-kinds"
        texts = Template.objects.filter(channel__in=["sms", "email"]).exclude(
            kind__in=[Template.Kind.CONFIRMATION, Template.Kind.UNSUBSCRIBED]
        )
        self.fields["text"].queryset = texts.order_by("channel", "kind", "id")
        self.fields["text"].label_from_instance = template_label
        self.fields["text"].help_text = _(
            "Used for SMS or e-mail once it is approved. Empty: the approved invitation to the questionnaire."
        )

    def clean_owner(self):
        return self.cleaned_data["owner"] or self.instance.owner

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""


def event_kinds() -> list[tuple[str, str]]:
    """The usual kinds of events with their names, for the form's suggestions."""
    return [(code, localized(words)) for code, words in EVENT_KINDS.items()]


def presets() -> list[tuple[str, str]]:
    """The shipped policies by code and name, for the menu of the policy form."""
    return [(code, localized(facts["name"])) for code, facts in PRESETS.items()]


def preset_values(code: str) -> dict:
    """What the policy form starts with for a shipped policy; empty for an unknown one."""
    facts = PRESETS.get(code)
    return {} if facts is None else facts | {"name": localized(facts["name"])}
