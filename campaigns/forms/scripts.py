"""What people type about scripts: what one is for, its texts, and the lines of its outline (CAM-5)."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from campaigns.catalogue import STATEMENTS
from campaigns.models import Script, ScriptVersion
from campaigns.queries.outlines import TEXTS, kind_label, outline_of
from campaigns.rules import outline
from campaigns.rules.outline import Line
from campaigns.script_presets import PRESETS
from customers.models import Client
from surveys.forms import CODE, TextsField

LONGEST = 2_000
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class ScriptForm(forms.ModelForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])

    class Meta:
        model = Script
        fields = ["name", "code", "kind", "client"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")
        self.fields["kind"].choices = [("", _("anything else")), *self.fields["kind"].choices[1:]]
        self.fields["kind"].help_text = _(
            "The first version starts with our text for it, and must contain its mandatory statements."
        )

    def _post_clean(self):
        """The rules are those of the action, not of the model form: nothing is written to the instance here."""


class OutlineForm(forms.Form):
    """Opening and closings of a version, and between them the lines of the outline as lists of equal length."""

    opening = TextsField(label=gettext_lazy("Opening"), rows=2)
    legal_opening = TextsField(
        label=gettext_lazy("Opening for debts over three months"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Dunning only: the legal wording, read instead of the opening."),
    )
    closing = TextsField(label=gettext_lazy("Closing"), rows=2)
    apology = TextsField(label=gettext_lazy("Closing after dissatisfaction"), rows=2, required=False)

    def __init__(self, data=None, *, lines=(), **kwargs):
        super().__init__(data, **kwargs)
        self.lines = _lines(data) if data is not None else list(lines)

    def clean(self):
        found = super().clean()
        if len(self.lines) > outline.MAX_LINES:
            self.add_error(None, _("A script has at most %(n)d lines.") % {"n": outline.MAX_LINES})
        for number, line in enumerate(self.lines, start=1):
            if any(len(text) > LONGEST for text in line.text.values()):
                self.add_error(
                    None,
                    _("Line %(line)d is too long; %(n)d characters are possible.")
                    % {"line": number, "n": LONGEST},
                )
        return found

    def values(self) -> dict:
        """Keyword arguments of ``actions.save_script_version``."""
        return {name: self.cleaned_data[name] or {} for name in TEXTS} | {"steps": self.lines}

    def texts(self, name) -> dict:
        """One of the texts as it was typed, right or wrong."""
        if not self.is_bound:
            return self.initial.get(name) or {}
        field = self.fields[name]
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return {code: text.strip() for code, text in zip(LANGUAGES, typed, strict=True) if text}

    def rows(self) -> list[dict]:
        """The lines as the page shows them."""
        return [row_of(line) for line in self.lines]

    @staticmethod
    def of(version: ScriptVersion | None, script: Script, data=None) -> "OutlineForm":
        """The form of a version, or of a script's first one, which starts with our text for what the script is for."""
        if version is not None:
            initial = {name: getattr(version, name) for name in TEXTS}
            return OutlineForm(data, lines=outline_of(version), initial=initial)
        preset = PRESETS.get(script.kind, {})
        initial = {name: preset.get(name, {}) for name in TEXTS}
        return OutlineForm(data, lines=outline.read(preset.get("steps", ())), initial=initial)


def row_of(line: Line) -> dict:
    """One line with what its controls offer."""
    kinds = [(kind, kind_label(kind), kind == line.kind) for kind in outline.KINDS]
    codes = [(code, localized(words), code == line.code) for code, words in STATEMENTS.items()]
    wordings = [
        ("", _("any debt"), not line.wording),
        (outline.FRIENDLY, _("debt up to three months"), line.wording == outline.FRIENDLY),
        (outline.LEGAL, _("debt over three months"), line.wording == outline.LEGAL),
    ]
    texts = [(code, name, line.text.get(code, "")) for code, name in settings.LANGUAGES]
    return {"level": line.level, "kinds": kinds, "codes": codes, "wordings": wordings, "texts": texts}


def _lines(data) -> list[Line]:
    """The lines that were sent; a list that is too short fills up with nothing, an unknown value counts as none."""
    columns = {name: data.getlist(name)[:500] for name in ("kind", "level", "statement", "wording")}
    texts = {code: data.getlist(f"text-{code}")[:500] for code in LANGUAGES}

    def cell(column, place):
        return column[place].replace("\r\n", "\n").strip() if place < len(column) else ""

    rows = []
    for place, kind in enumerate(columns["kind"]):
        level, code = cell(columns["level"], place), cell(columns["statement"], place)
        rows.append(
            {
                "kind": kind,
                "level": int(level) if level in {str(one) for one in range(outline.MAX_LEVEL + 1)} else 0,
                "code": code if kind == outline.CHECK and code in STATEMENTS else "",
                "wording": cell(columns["wording"], place),
                "text": {code: cell(texts[code], place) for code in LANGUAGES},
            }
        )
    return outline.read(rows)


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("How the client approved"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Date of the letter or e-mail and who signed it; the client's own observer leaves it empty."
        ),
    )
