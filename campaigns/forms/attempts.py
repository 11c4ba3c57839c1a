"""What a campaign does after each result that leads to another attempt (CB-5)."""

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.models import AttemptRule, Disposition

CHOICES = [
    ("", gettext_lazy("as the result says")),
    ("delay", gettext_lazy("after a delay")),
    ("other_part", gettext_lazy("in another part of the day")),
    ("half_day", gettext_lazy("next half-day")),
    ("none", gettext_lazy("no retry")),
]


class AttemptRulesForm(forms.Form):
    """Three fields for every result that is tried again: when, after how many minutes, and how often at most."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.results = list(results_of(campaign))
        rules = {rule.disposition_id: rule for rule in campaign.attempt_rules.all()}
        for result in self.results:
            self._add(result, rules.get(result.pk))

    def _add(self, result, rule):
        retry = "" if rule is None else rule.retry or "none"
        minutes = None if rule is None else rule.retry_seconds // 60
        named = {"aria-label": str(result)}
        self.fields[f"retry_{result.pk}"] = forms.ChoiceField(
            label=str(result), choices=CHOICES, required=False, initial=retry, widget=forms.Select(named)
        )
        for name, initial, least, most in (
            ("minutes", minutes, 0, 43_200),
            ("maximum", rule and rule.maximum, 1, 50),
        ):
            self.fields[f"{name}_{result.pk}"] = forms.IntegerField(
                label=str(result),
                min_value=least,
                max_value=most,
                required=False,
                initial=initial,
                widget=forms.NumberInput(named),
            )

    def rows(self):
        """(the result, its three bound fields), for the table of the page."""
        names = ("retry", "minutes", "maximum")
        return [(result, [self[f"{name}_{result.pk}"] for name in names]) for result in self.results]

    def rules(self) -> list[AttemptRule]:
        """Unsaved rows for ``actions.set_attempt_rules``; a result left as it is has none."""
        found = []
        for result in self.results:
            retry = self.cleaned_data[f"retry_{result.pk}"]
            minutes = self.cleaned_data[f"minutes_{result.pk}"]
            maximum = self.cleaned_data[f"maximum_{result.pk}"]
            if not retry and minutes is None and maximum is None:
                continue
            seconds = result.retry_seconds if minutes is None else minutes * 60
            usual = "delay" if result.retry == Disposition.Retry.AGREED else result.retry
            chosen = "" if retry == "none" else retry or usual
            found.append(
                AttemptRule(disposition=result, retry=chosen, retry_seconds=seconds, maximum=maximum)
            )
        return found


def results_of(campaign):
    """The results that lead to another attempt by a rule; an agreed time is the customer's, not the campaign's."""
    offered = Disposition.objects.offered().exclude(retry="").exclude(appointment=True)
    return [row for row in offered.order_by("position", "id") if not row.kinds or campaign.kind in row.kinds]
