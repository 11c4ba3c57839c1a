"""The selection of a report: period, campaign, team, agent; each within the person's scope."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callcenter.workdays import local_day
from campaigns.models import Campaign
from people.models import Team, User
from reports.queries import Selection

PERIODS = (
    ("today", _("today")),
    ("yesterday", _("yesterday")),
    ("week", _("last 7 days")),
    ("month", _("last 30 days")),
    ("custom", _("from … to")),
)
MAX_DAYS = 5_000
FIRST_YEAR, LAST_YEAR = 1990, 2100


class SelectionForm(forms.Form):
    """``selection()`` of a valid form is what every query of reports takes. An empty form means the last 7 days."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    end = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("all")
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("all"))
    agent = forms.ModelChoiceField(
        User.objects.none(), label=_("Agent"), required=False, empty_label=_("all")
    )

    def __init__(self, data=None, *, user, now, **kwargs):
        data = {name: data[name] for name in data} if data else {}
        if not data.get("period"):
            data["period"] = "custom" if data.get("start") or data.get("end") else "week"
        super().__init__(data, **kwargs)
        self.today = local_day(now, settings.TIME_ZONE)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).order_by("name", "id")
        self.fields["team"].queryset = Team.objects.visible_to(user).order_by("name", "id")
        agents = User.objects.visible_to(user).filter(memberships__role="agent").distinct()
        self.fields["agent"].queryset = agents.order_by("full_name", "id")

    def clean(self):
        data = super().clean()
        period = data.get("period")
        start, end = {
            "today": (self.today, self.today),
            "yesterday": (self.today - timedelta(days=1),) * 2,
            "week": (self.today - timedelta(days=6), self.today),
            "month": (self.today - timedelta(days=29), self.today),
        }.get(period, (data.get("start"), data.get("end")))
        start, end = start or end or self.today, end or start or self.today
        if start.year < FIRST_YEAR or end.year > LAST_YEAR:
            self.add_error(
                "end",
                _("Choose days between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        elif end < start:
            self.add_error("end", _("The last day lies before the first."))
        elif (end - start).days >= MAX_DAYS:
            self.add_error("end", _("At most %(days)d days at a time.") % {"days": MAX_DAYS})
        data.update(period=period, start=start, end=end)
        return data

    def selection(self) -> Selection:
        data = self.cleaned_data
        ids = {
            f"{name}_id": data[name].pk if data.get(name) else None for name in ("campaign", "team", "agent")
        }
        return Selection(data["start"], data["end"], **ids)
