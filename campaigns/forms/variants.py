"""The weights of the questionnaires asked side by side (CAM-7)."""

from django import forms

from surveys.models import QuestionnaireVersion


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
