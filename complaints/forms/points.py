"""The shape of a problem point, as the administrator writes it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import ProblemPoint
from surveys.forms import TextsField


class ProblemPointForm(forms.ModelForm):
    name = TextsField(label=_("Name"), rows=1, max_length=120)

    class Meta:
        model = ProblemPoint
        fields = [
            "name",
            "code",
            "category",
            "department",
            "key",
            "active",
            "focus_threshold",
            "focus_window_days",
        ]
