"""What a lead says about a distribution: which tasks, to whom, how (CAM-4)."""

import uuid

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks.models import Distribution, Task
from callbacks.queries import lists
from callbacks.queries.assigned import MOST
from callbacks.queries.distribution import Selection
from callbacks.rules import distribution as rules
from campaigns.models.quotas import CONTACTED_WITHIN_DAYS
from campaigns.rules.seeds import new_seed
from customers.models import Customer, Region
from people.models import User
from people.queries import agents_of_team

ALL = ("", gettext_lazy("all"))
DAY = forms.DateInput(attrs={"type": "date"})


def _amount(label):
    return forms.DecimalField(label=label, required=False, max_digits=12, decimal_places=2, min_value=0)


class DistributionForm(forms.Form):
    """Tasks of one team, the agents who give them up and those who get them. ``absent`` alone says it all for an absence."""

    at_most = forms.IntegerField(
        label=gettext_lazy("How many (empty: all)"), required=False, min_value=1, max_value=MOST
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Way of distribution"),
        choices=Distribution.Way,
        required=False,
        initial=rules.EQUAL,
    )
    surface_days = forms.IntegerField(
        label=gettext_lazy("Days until it comes up to you"),
        required=False,
        min_value=1,
        max_value=90,
        initial=CONTACTED_WITHIN_DAYS,
    )
    campaign = forms.ModelChoiceField(
        None, label=gettext_lazy("Campaign"), required=False, empty_label=ALL[1]
    )
    region = forms.ModelChoiceField(
        Region.objects.order_by("code", "id"),
        label=gettext_lazy("Region"),
        required=False,
        empty_label=ALL[1],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[ALL, *Task.Kind.choices])
    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"), required=False, choices=[ALL, *Customer.Nature.choices]
    )
    level = forms.CharField(label=gettext_lazy("Level"), required=False, max_length=30)
    least = _amount(gettext_lazy("Amount from"))
    most = _amount(gettext_lazy("Amount up to"))
    due_until = forms.DateField(label=gettext_lazy("Due until"), required=False, widget=DAY)
    fresh = forms.BooleanField(label=gettext_lazy("only those never called"), required=False)
    appointments = forms.BooleanField(label=gettext_lazy("agreed times too"), required=False)
    sources = forms.ModelMultipleChoiceField(None, label=gettext_lazy("Gives up"), required=False)
    agents = forms.ModelMultipleChoiceField(None, label=gettext_lazy("Gets"), required=False)
    absent = forms.ModelChoiceField(None, label=gettext_lazy("Absent"), required=False)
    FILTERS = (
        "campaign",
        "region",
        "kind",
        "nature",
        "level",
        "least",
        "most",
        "due_until",
        "fresh",
        "appointments",
    )

    def __init__(self, *args, team, loads=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.team, self.loads = team, loads
        for name in ("agents", "absent"):
            self.fields[name].queryset = agents_of_team(team)
        known = [load.user.pk for load in loads]
        self.fields["sources"].queryset = User.objects.filter(pk__in=known).order_by("full_name", "id")
        self.fields["campaign"].queryset = lists.campaigns_of(team)

    def filters(self):
        """The fields that narrow the selection, for the page."""
        return [self[name] for name in self.FILTERS]

    def ticked(self) -> tuple[set, set]:
        """Ids of the agents ticked as giving up and as getting; on a fresh page everybody who is here gets."""
        if not self.is_bound:
            return set(), {load.user.pk for load in self.loads if not (load.absent or load.gone)}
        given = {
            name: {int(one) for one in self.data.getlist(name) if one.isascii() and one.isdigit()}
            for name in ("sources", "agents")
        }
        return given["sources"], given["agents"]

    def clean(self):
        data = super().clean()
        data["way"] = data.get("way") or rules.EQUAL
        data["surface_days"] = data.get("surface_days") or CONTACTED_WITHIN_DAYS
        if data.get("absent"):
            self._spread(data)
        sources, agents, way = data.get("sources"), data.get("agents"), data["way"]
        if way == rules.POOL and not sources:
            self.add_error("way", _("Tick the agents whose tasks are taken back."))
        elif way != rules.POOL and not agents:
            self.add_error("way", _("Tick the agents who are to get the tasks."))
        if way == rules.CAPABILITY and not data.get("campaign"):
            self.add_error("campaign", _("Choose the campaign: capability is rated for each."))
        if data.get("least") is not None and data.get("most") is not None and data["least"] > data["most"]:
            self.add_error("most", _("The upper amount lies below the lower one."))
        return data

    def _spread(self, data):
        """Everything of the absent agent goes to those who are here, the emptiest first; to the team when nobody is."""
        absent = data["absent"]
        here = [one.user for one in self.loads if not (one.absent or one.gone) and one.user != absent]
        data |= {
            "sources": [absent],
            "agents": here,
            "way": rules.CAPACITY if here else rules.POOL,
            "appointments": data.get("appointments", False),
        }

    def selection(self) -> Selection:
        """The tasks meant."""
        data = self.cleaned_data
        narrowed = {name: data.get(name) for name in self.FILTERS}
        return Selection(
            team=self.team, sources=tuple(data["sources"] or ()), at_most=data["at_most"], **narrowed
        )

    def agent_ids(self) -> list[int]:
        return [user.pk for user in self.cleaned_data["agents"] or ()]

    def pairs(self) -> list[tuple[str, str]]:
        """The form's values as hidden fields that say the same once more."""
        found = [("team", str(self.team.pk))]
        for name, value in self.cleaned_data.items():
            if isinstance(value, bool):
                found += [(name, "on")] if value else []
            elif value is None or value == "":
                continue
            elif hasattr(value, "pk"):
                found.append((name, str(value.pk)))
            elif isinstance(value, (list, tuple)) or hasattr(value, "model"):
                found += [(name, str(one.pk)) for one in value]
            else:
                found.append((name, str(value)))
        return found


class ConfirmForm(forms.Form):
    """What the preview adds: the key that makes the act happen once, the seed of its draw, and how many it showed."""

    key = forms.UUIDField()
    seed = forms.CharField(max_length=32, validators=[RegexValidator(r"\A[0-9a-f]{1,32}\Z")])
    shown = forms.IntegerField(min_value=0, max_value=MOST)

    @staticmethod
    def fresh() -> dict:
        """A new key and seed."""
        return {"key": uuid.uuid4(), "seed": new_seed()}


class UntouchedFilter(forms.Form):
    team = forms.ModelChoiceField(None, label=gettext_lazy("Team"), required=False, empty_label=ALL[1])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = lists.teams_led_by(user)

    def chosen(self) -> dict:
        """The filters that make sense."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
