"""What people type about skills and levels (ORG-7)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Skill

LEVELS = [("", "—"), *((str(level), str(level)) for level in range(1, 6))]


class SkillForm(forms.ModelForm):
    """A skill to rate. The same kind and code twice is refused."""

    class Meta:
        model = Skill
        fields = ["kind", "code", "name"]


class LevelsForm(forms.Form):
    """One choice per agent and skill; ``levels`` maps (user id, skill id) to what is stored."""

    def __init__(self, *args, people, skills, levels, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.skills, self.levels = people, skills, levels
        for person in people:
            for skill in skills:
                label = _("%(person)s: %(skill)s") % {"person": person, "skill": skill}
                field = forms.ChoiceField(
                    choices=LEVELS,
                    required=False,
                    label=label,
                    initial=str(levels.get((person.pk, skill.pk), "")),
                )
                field.widget.attrs["aria-label"] = label
                self.fields[self._name(person, skill)] = field

    @staticmethod
    def _name(person, skill):
        return f"level-{person.pk}-{skill.pk}"

    def rows(self):
        """(person, their fields in the order of the skills)."""
        return [
            (person, [self[self._name(person, skill)] for skill in self.skills]) for person in self.people
        ]

    def changes(self) -> list[tuple]:
        """(person, skill, level or None) of everything that differs from what is stored."""
        found = []
        for person in self.people:
            for skill in self.skills:
                raw = self.cleaned_data[self._name(person, skill)]
                level = int(raw) if raw else None
                if level != self.levels.get((person.pk, skill.pk)):
                    found.append((person, skill, level))
        return found
