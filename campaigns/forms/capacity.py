"""What people type about the capacity plan (CAM-9)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy


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
