"""What people type about scripts and their approvals (CAM-5)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from campaigns.catalogue import STATEMENTS
from campaigns.models import Script, ScriptVersion
from customers.models import Client
from surveys.forms import CODE, TextsField


class ScriptForm(forms.ModelForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])

    class Meta:
        model = Script
        fields = ["name", "code", "client"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""


class ScriptVersionForm(forms.Form):
    """The texts of a script version and its mandatory statements, one set of texts for each kind of statement."""

    opening = TextsField(label=gettext_lazy("Opening"), rows=3)
    closing = TextsField(label=gettext_lazy("Closing"), rows=2)
    apology = TextsField(label=gettext_lazy("Closing after dissatisfaction"), rows=2, required=False)
    legal_opening = TextsField(
        label=gettext_lazy("Opening for debts over three months"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Dunning only: the legal wording, read instead of the opening."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, words in STATEMENTS.items():
            label = _("Statement to read out: %(what)s") % {"what": localized(words)}
            self.fields[f"statement_{code}"] = TextsField(label=label, rows=2, required=False)

    def values(self) -> dict:
        """Keyword arguments of ``actions.save_script_version``."""
        found = self.cleaned_data
        statements = [
            {"code": code, "text": found[f"statement_{code}"]}
            for code in STATEMENTS
            if found[f"statement_{code}"]
        ]
        texts = {name: found[name] or {} for name in ("opening", "closing", "apology", "legal_opening")}
        return texts | {"statements": statements}

    @staticmethod
    def initial_of(version: ScriptVersion) -> dict:
        """What the form shows of a version."""
        texts = {name: getattr(version, name) for name in ("opening", "closing", "apology", "legal_opening")}
        return texts | {f"statement_{one['code']}": one["text"] for one in version.statements}


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("How the client approved"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Date of the letter or e-mail and who signed it; the client's own observer leaves it empty."
        ),
    )
