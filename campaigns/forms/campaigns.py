"""What people type about a campaign: its settings, the filter of the list, a copy, a note (CAM-1)."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, ScriptVersion
from campaigns.states import CampaignState
from customers.models import Client
from people.models import Calendar, Team
from surveys.forms import CODE, DayField
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
    max_per_number = forms.IntegerField(
        label=gettext_lazy("Attempts at most per number"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=gettext_lazy("Empty: as often as the customer may be called."),
    )
    calls_from = forms.TimeField(
        label=gettext_lazy("Calls from"),
        required=False,
        help_text=gettext_lazy("Narrows the hours of the customer's region; empty: those alone."),
    )
    calls_until = forms.TimeField(label=gettext_lazy("Calls until"), required=False)
    wrap_up_seconds = forms.IntegerField(
        label=gettext_lazy("Timed wrap-up: seconds"), min_value=5, max_value=3_600, initial=60, required=False
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
            "max_per_number",
            "other_part",
            "reset_when_reached",
            "calls_from",
            "calls_until",
            "wrap_up_mode",
            "wrap_up_seconds",
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

    def clean_wrap_up_seconds(self):
        return self.cleaned_data["wrap_up_seconds"] or self.instance.wrap_up_seconds

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
