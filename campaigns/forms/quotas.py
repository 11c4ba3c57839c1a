"""What people type about quota plans (CAM-3)."""

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.forms.segments import offer_segments
from campaigns.models import QuotaLine
from campaigns.models.quotas import CONTACTED_WITHIN_DAYS
from customers.models import Region
from people.models import Team


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
