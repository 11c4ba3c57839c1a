"""The scorecard as a form, and the day of a draw."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.actions.review import Mark
from qa.models import SamplingPlan, Scorecard

FATAL_CHOICES = (("1", _("met")), ("0", _("fatal error")), ("na", _("not applicable")))
VALIDITY_CHOICES = (("1", _("met")), ("0", _("missing")), ("na", _("not applicable")))
SHARE_CHOICES = (("1", _("full")), ("0.5", _("half")), ("0", _("none")), ("na", _("not applicable")))


class ScoreForm(forms.Form):
    """One verdict (``c<id>``), comment (``m<id>``) and second (``s<id>``) per criterion."""

    comment = forms.CharField(
        label=_("Comment for the agent"), max_length=4_000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for row in criteria:
            choices = FATAL_CHOICES if row.fatal else VALIDITY_CHOICES if row.validity else SHARE_CHOICES
            self.fields[f"c{row.pk}"] = forms.ChoiceField(
                label=str(row), choices=choices, widget=forms.RadioSelect
            )
            self.fields[f"m{row.pk}"] = forms.CharField(
                label=_("What was heard"), max_length=300, required=False
            )
            self.fields[f"s{row.pk}"] = forms.IntegerField(
                label=_("At second"), min_value=0, max_value=36_000, required=False
            )

    def rows(self):
        """(criterion, verdict, comment, second) for the template."""
        return [(row, self[f"c{row.pk}"], self[f"m{row.pk}"], self[f"s{row.pk}"]) for row in self.criteria]

    def marks(self) -> dict[int, Mark]:
        """The marks of a valid form by criterion id."""
        data = self.cleaned_data
        return {
            row.pk: Mark(
                None if data[f"c{row.pk}"] == "na" else Decimal(data[f"c{row.pk}"]),
                data[f"m{row.pk}"],
                data[f"s{row.pk}"],
            )
            for row in self.criteria
        }


class CampaignPlanForm(forms.Form):
    """A campaign's own sampling plan; a new one begins with the usual values (SPEC QA-1: 10 % daily)."""

    scorecard = forms.ModelChoiceField(
        label=_("Scorecard"), queryset=Scorecard.objects.none(), empty_label=None
    )
    percent = forms.DecimalField(
        label=_("Share in percent"),
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("Of each agent's valid calls of the day, rounded up."),
    )
    minimum_talk_seconds = forms.IntegerField(
        label=_("Shortest call in seconds"), min_value=0, max_value=3_600
    )

    def __init__(self, *args, plan, **kwargs):
        shown = plan or SamplingPlan()
        initial = {
            "scorecard": shown.scorecard_id,
            "percent": shown.percent,
            "minimum_talk_seconds": shown.minimum_talk_seconds,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["scorecard"].queryset = Scorecard.objects.order_by("name", "id")


class DrawForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day >= self.today:
            raise forms.ValidationError(_("A day can be drawn once it is over: yesterday or earlier."))
        return day
