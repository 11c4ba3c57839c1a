"""What a campaign asks of its agents (CAM-1)."""

from django import forms
from django.utils.translation import gettext_lazy

from people.queries import all_skills

LEVELS = [("", gettext_lazy("not needed")), *((level, f"≥ {level}") for level in range(1, 6))]


class RequiredSkillsForm(forms.Form):
    """The least level of every skill there is; empty: not needed."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        needed = dict(campaign.required_skills.values_list("skill_id", "level"))
        self.skills = {f"level_{skill.pk}": skill for skill in all_skills()}
        for name, skill in self.skills.items():
            self.fields[name] = forms.TypedChoiceField(
                label=f"{skill} · {skill.get_kind_display()}",
                choices=LEVELS,
                coerce=int,
                empty_value=None,
                required=False,
                initial=needed.get(skill.pk, ""),
            )

    def levels(self) -> dict:
        """Skills and their least level, for ``actions.set_required_skills``."""
        return {
            skill: self.cleaned_data[name] for name, skill in self.skills.items() if self.cleaned_data[name]
        }
