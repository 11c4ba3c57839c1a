"""What people type about the texts of messages."""

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from customers.models import Purpose
from messaging.models import Template

CODE = RegexValidator(r"^[A-Za-z0-9_-]+$", gettext_lazy("Letters, digits, - and _ only."))
LANGUAGES = settings.LANGUAGES


def by_language(cleaned, name) -> dict:
    """The texts of a field in every language that has one."""
    texts = {code: cleaned.get(f"{name}_{code}", "") for code, _label in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


class TemplateForm(forms.Form):
    """A new template; its text is written next."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Template.Kind.choices)
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[(one.value, one.label) for one in Template.CHANNELS]
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=Purpose.choices,
        help_text=gettext_lazy("Which consent of the customer it needs."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=gettext_lazy("Name") + f" ({label})", max_length=80, required=code == "zh-hans"
            )

    def values(self) -> dict:
        """Keyword arguments of ``actions.create_template``."""
        names = ("code", "kind", "channel", "purpose")
        return {name: self.cleaned_data[name] for name in names} | {
            "name": by_language(self.cleaned_data, "name")
        }


class VersionForm(forms.Form):
    """The text in every language; SMS has no subject."""

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in LANGUAGES:
            if template.channel != "sms":
                self.fields[f"subject_{code}"] = forms.CharField(
                    label=gettext_lazy("Subject") + f" ({label})", max_length=200, required=False
                )
            self.fields[f"body_{code}"] = forms.CharField(
                label=gettext_lazy("Text") + f" ({label})",
                max_length=10_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4 if template.channel == "sms" else 9, "lang": code}),
            )

    @staticmethod
    def initial_of(version) -> dict:
        """What a form starts with: the texts of a version."""
        return {f"subject_{code}": text for code, text in version.subjects.items()} | {
            f"body_{code}": text for code, text in version.bodies.items()
        }

    def values(self) -> dict:
        """Subjects and bodies by language."""
        return {
            "subjects": by_language(self.cleaned_data, "subject"),
            "bodies": by_language(self.cleaned_data, "body"),
        }
