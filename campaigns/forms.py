"""What people type about campaigns, policies, scripts and targets."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from campaigns.catalogue import EVENT_KINDS, METRICS, PRESETS, STATEMENTS
from campaigns.models import Campaign, Policy, QuotaLine, Script, ScriptVersion
from campaigns.states import CampaignState
from customers.models import Client, Region
from customers.queries.segments import segments_for
from messaging.forms.messages import template_label
from messaging.models import Template
from people.models import Calendar, Team, User
from surveys.forms import CODE, DayField, TextsField
from surveys.models import QuestionnaireVersion


class CampaignFilter(forms.Form):
    """Search and filters of the list; nonsense values simply do not filter."""

    q = forms.CharField(label=gettext_lazy("Name or code"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("all")), *CampaignState.choices],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"),
        required=False,
        choices=[("", gettext_lazy("all")), *Campaign.Kind.choices],
    )

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.campaigns``."""
        self.is_valid()
        found = self.cleaned_data
        return {"search": found.get("q", ""), "state": found.get("state", ""), "kind": found.get("kind", "")}


class CampaignForm(forms.ModelForm):
    """Every column of a campaign; after the approval only how it is worked can change."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])
    starts_on = DayField(label=gettext_lazy("Starts"))
    ends_on = DayField(label=gettext_lazy("Ends"), required=False)
    priority = forms.IntegerField(
        label=gettext_lazy("Priority (1 first, 9 last)"), min_value=1, max_value=9, initial=5
    )
    max_attempts = forms.IntegerField(
        label=gettext_lazy("Attempts at most"), min_value=1, max_value=50, initial=3
    )
    daily_target = forms.IntegerField(
        label=gettext_lazy("Successes per agent and day"), min_value=0, max_value=2_000, initial=80
    )
    guide_seconds = forms.IntegerField(
        label=gettext_lazy("Length guide in seconds"), min_value=10, max_value=7_200, initial=90
    )
    trial_days = forms.IntegerField(
        label=gettext_lazy("Trial period in days (0: no trial)"), min_value=0, max_value=366, initial=0
    )

    class Meta:
        model = Campaign
        fields = [
            "client",
            "name",
            "code",
            "kind",
            "purpose",
            "starts_on",
            "ends_on",
            "calendar",
            "teams",
            "questionnaire",
            "script",
            "priority",
            "max_attempts",
            "wrap_up_mode",
            "daily_target",
            "guide_seconds",
            "identity_check",
            "trial_days",
        ]
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, operational=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")
        self.fields["teams"].queryset = Team.objects.visible_to(user).order_by("name", "id")
        self.fields["calendar"].queryset = Calendar.objects.order_by("-is_default", "name", "id")
        self.fields["calendar"].empty_label = None
        versions = QuestionnaireVersion.objects.select_related("questionnaire").filter(
            Q(pk__in=QuestionnaireVersion.objects.usable()) | Q(pk=self.instance.questionnaire_id)
        )
        self.fields["questionnaire"].queryset = versions.order_by("questionnaire__name", "-number", "id")
        scripts = ScriptVersion.objects.select_related("script")
        if operational:
            scripts = scripts.filter(Q(pk__in=ScriptVersion.objects.usable()) | Q(pk=self.instance.script_id))
        self.fields["script"].queryset = scripts.order_by("script__name", "-number", "id")
        if operational:
            for name in set(self.fields) - {*operational, "teams"}:
                self.fields[name].disabled = True

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""

    def values(self) -> dict:
        """Keyword arguments of ``actions.create_campaign``."""
        return {**self.cleaned_data, "teams": list(self.cleaned_data["teams"])}

    def changes(self) -> dict:
        """Keyword arguments of ``actions.edit_campaign``; teams outside the editor's scope stay."""
        seen = set(self.fields["teams"].queryset)
        others = [team for team in self.instance.teams.all() if team not in seen]
        return self.values() | {"teams": [*self.cleaned_data["teams"], *others]}


class CopyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])


class NoteForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def text(self) -> str:
        """The note, empty when it cannot be read."""
        return self.cleaned_data["note"] if self.is_valid() else ""


def offer_segments(form, user, client) -> None:
    """Let a policy or quota choose among the segments the person may use for the client's customers."""
    field = form.fields["segment"]
    field.queryset = segments_for(user, client, current=form.instance.segment_id)
    field.empty_label = gettext_lazy("all customers")


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
        self.fields["event_kind"].widget.attrs["list"] = "event-kinds"
        texts = Template.objects.filter(channel__in=["sms", "email"]).exclude(kind=Template.Kind.UNSUBSCRIBED)
        self.fields["text"].queryset = texts.order_by("channel", "kind", "id")
        self.fields["text"].label_from_instance = template_label
        self.fields["text"].help_text = _(
            "Used for SMS or e-mail once it is approved. Empty: the approved invitation to the questionnaire."
        )

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


class QuotaPlanForm(forms.Form):
    """A new quota plan of one of the campaign's teams in the person's scope."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none())

    def __init__(self, *args, campaign, user, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(user).filter(campaigns=campaign)
        self.fields["team"].queryset = teams.order_by("name", "id")


class QuotaLineForm(forms.ModelForm):
    """So many customers of a region, kind and segment."""

    wanted = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=1_000_000)

    class Meta:
        model = QuotaLine
        fields = ["region", "customers", "nature", "level", "segment", "wanted"]

    def __init__(self, *args, user, client, **kwargs):
        super().__init__(*args, **kwargs)
        offer_segments(self, user, client)
        self.fields["region"].queryset = Region.objects.order_by("code", "id")
        self.fields["region"].empty_label = gettext_lazy("everywhere")

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""


class CapacityForm(forms.Form):
    """What is wanted and expected of a campaign (CAM-9)."""

    completes = forms.IntegerField(
        label=gettext_lazy("Completed questionnaires wanted"), min_value=1, max_value=10_000_000
    )
    connect_rate = forms.DecimalField(
        label=gettext_lazy("Expected connect rate in percent"),
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=60,
    )
    connected_per_complete = forms.DecimalField(
        label=gettext_lazy("Connected calls per valid questionnaire"),
        min_value=1,
        max_value=1_000,
        max_digits=6,
        decimal_places=2,
        initial=10,
    )
    dials_per_day = forms.IntegerField(
        label=gettext_lazy("Dials per agent and day"), min_value=1, max_value=5_000, initial=200
    )
    agents = forms.IntegerField(label=gettext_lazy("Agents"), min_value=1, max_value=10_000)
    days = forms.IntegerField(label=gettext_lazy("Working days available"), min_value=1, max_value=2_000)

    def values(self) -> dict:
        """Keyword arguments of ``actions.save_capacity_plan``; the rate as a share."""
        return self.cleaned_data | {"connect_rate": self.cleaned_data["connect_rate"] / 100}

    @staticmethod
    def initial_of(plan) -> dict:
        """What the form shows of a plan."""
        names = ("completes", "connected_per_complete", "dials_per_day", "agents", "days")
        return {name: getattr(plan, name) for name in names} | {
            "connect_rate": round(plan.connect_rate * 100, 2)
        }


class ScriptForm(forms.ModelForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])

    class Meta:
        model = Script
        fields = ["name", "code", "client"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""


class ScriptVersionForm(forms.Form):
    """The texts of a script version and its mandatory statements, one set of texts for each kind of statement."""

    opening = TextsField(label=gettext_lazy("Opening"), rows=3)
    closing = TextsField(label=gettext_lazy("Closing"), rows=2)
    apology = TextsField(label=gettext_lazy("Closing after dissatisfaction"), rows=2, required=False)
    legal_opening = TextsField(
        label=gettext_lazy("Opening for debts over three months"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Dunning only: the legal wording, read instead of the opening."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, words in STATEMENTS.items():
            label = _("Statement to read out: %(what)s") % {"what": localized(words)}
            self.fields[f"statement_{code}"] = TextsField(label=label, rows=2, required=False)

    def values(self) -> dict:
        """Keyword arguments of ``actions.save_script_version``."""
        found = self.cleaned_data
        statements = [
            {"code": code, "text": found[f"statement_{code}"]}
            for code in STATEMENTS
            if found[f"statement_{code}"]
        ]
        texts = {name: found[name] or {} for name in ("opening", "closing", "apology", "legal_opening")}
        return texts | {"statements": statements}

    @staticmethod
    def initial_of(version: ScriptVersion) -> dict:
        """What the form shows of a version."""
        texts = {name: getattr(version, name) for name in ("opening", "closing", "apology", "legal_opening")}
        return texts | {f"statement_{one['code']}": one["text"] for one in version.statements}


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("How the client approved"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Date of the letter or e-mail and who signed it; the client's own observer leaves it empty."
        ),
    )


class VariantsForm(forms.Form):
    """Weights of the questionnaires asked side by side; empty or 0: not asked."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = {row.version_id: row.weight for row in campaign.variants.all()}
        versions = QuestionnaireVersion.objects.usable().select_related("questionnaire")
        self.versions = {
            f"weight_{one.pk}": one for one in versions.order_by("questionnaire__name", "-number", "id")[:60]
        }
        for name, version in self.versions.items():
            self.fields[name] = forms.IntegerField(
                label=str(version),
                min_value=0,
                max_value=1_000,
                required=False,
                initial=chosen.get(version.pk),
            )

    def weights(self) -> dict:
        """Versions and their weights, for ``actions.set_variants``."""
        return {
            version: self.cleaned_data[name]
            for name, version in self.versions.items()
            if self.cleaned_data[name]
        }
