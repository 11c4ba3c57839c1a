"""The questions of an import: which file and where to, which column is what (CUS-3, ux.md 5.6)."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.spreadsheet.encodings import ENCODINGS
from customers.forms.archive import place_fields, settle_unit
from customers.models import Client, Import
from customers.rules.importing import CUSTOM, DATES, IGNORE, ORDERS, TARGETS
from people.models import Team


class ImportFileForm(forms.Form):
    """The file, and whose customers they are."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        help_text=gettext_lazy(
            "CSV or XLSX with a header row. The first row of a customer counts when there are several."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    client = forms.ModelChoiceField(label=gettext_lazy("Client"), queryset=Client.objects.none())
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("Empty: the unit of the team."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        place_fields(self, user)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_IMPORT_BYTES:
            limit = settings.MAX_IMPORT_BYTES // 1024 // 1024
            raise ValidationError(_("The file is larger than %(limit)s MB. Split it.") % {"limit": limit})
        return upload

    def clean(self):
        super().clean()
        settle_unit(self)


def _date_choices():
    return [(target, f"{_(ORDERS[order][0])} ({ORDERS[order][1]})") for target, order in DATES.items()]


class EncodingForm(forms.Form):
    """In which encoding a file is written that could be read in several: the choices and their first lines."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), widget=forms.RadioSelect)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["encoding"].choices = [(each["encoding"], each["encoding"]) for each in choices]


DELIMITERS = [
    (",", gettext_lazy("comma")),
    (";", gettext_lazy("semicolon")),
    ("\t", gettext_lazy("tab")),
    ("|", gettext_lazy("vertical bar")),
]


class ReadingForm(forms.Form):
    """How a file is read when it was recognised wrongly; what is empty stays as recognised."""

    sheet = forms.CharField(label=gettext_lazy("Sheet"), required=False, max_length=200)
    header_row = forms.IntegerField(
        label=gettext_lazy("Header row"), required=False, min_value=1, max_value=1_000
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("as recognised")), *[(name, name) for name in ENCODINGS]],
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Delimiter"),
        required=False,
        choices=[("", gettext_lazy("as recognised")), *DELIMITERS],
    )
    reading_fields = ("sheet", "header_row", "encoding", "delimiter")

    def __init__(self, *args, kind="csv", sheets=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("encoding", "delimiter") if kind == "xlsx" else ("sheet",):
            del self.fields[name]
        if kind == "xlsx":
            choices = [("", gettext_lazy("as recognised")), *[(name, name) for name in sheets]]
            self.fields["sheet"].widget = forms.Select(choices=choices)

    def reading(self) -> dict:
        """What the person chose; nonsense and empty choices are left out."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.reading_fields if self.cleaned_data.get(name)}


class ImportColumnsForm(ReadingForm):
    """One choice per column of the file, and what happens to known customers and wrong rows."""

    duplicates = forms.ChoiceField(label=gettext_lazy("Known customers"), choices=Import.Duplicates)
    scope = forms.ChoiceField(
        label=gettext_lazy("Look for the same phone"),
        choices=Import.Scope,
        help_text=gettext_lazy("The customer number is always looked for among the client's customers."),
    )
    keep_good = forms.ChoiceField(
        label=gettext_lazy("If rows are wrong"),
        choices=[
            ("yes", gettext_lazy("import the good rows and give the wrong ones back")),
            ("no", gettext_lazy("import nothing")),
        ],
    )
    save_as = forms.CharField(
        label=gettext_lazy("Keep this mapping under the name"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("It is offered again with the next file of this client."),
    )

    def __init__(self, *args, keys=(), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            (_("Field"), [(target, _(label)) for target, (label, _words) in TARGETS.items()]),
            (_("Further field"), [(CUSTOM, _("keep as a further field")), *_date_choices()]),
            (_("Not imported"), [(IGNORE, _("leave out"))]),
        ]
        self.columns = []
        for place, key in enumerate(keys):
            self.fields[f"column{place}"] = forms.ChoiceField(label=key, choices=choices)
            self.columns.append((f"column{place}", key))

    def column_fields(self):
        """The bound choice of each column of the file, in their order."""
        return [self[name] for name, _key in self.columns]

    def choices(self) -> dict:
        """What was chosen besides the columns, as keyword arguments of the action."""
        data = self.cleaned_data
        return {name: data[name] for name in ("duplicates", "scope", "save_as")} | {
            "keep_good": data["keep_good"] == "yes"
        }

    def mapping(self) -> dict:
        """The mapping that was chosen; columns that are not in the form are kept as further fields."""
        return {"columns": {key: self.cleaned_data[name] for name, key in self.columns}, "rest": CUSTOM}
