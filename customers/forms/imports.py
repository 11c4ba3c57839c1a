"""The questions of an import: which file and where to, which column is what (CUS-3, ux.md 5.6)."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.spreadsheet.encodings import ENCODINGS
from customers.forms.archive import place_fields, settle_unit
from customers.models import Client, Import
from customers.rules.importing import CUSTOM, IGNORE, TARGETS
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


class ImportColumnsForm(forms.Form):
    """One choice per column of the file, and what happens to known customers and wrong rows."""

    duplicates = forms.ChoiceField(label=gettext_lazy("Known customers"), choices=Import.Duplicates)
    keep_good = forms.BooleanField(
        label=gettext_lazy("Import the good rows although others are wrong"), required=False, initial=True
    )
    save_as = forms.CharField(
        label=gettext_lazy("Keep this mapping under the name"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("It is offered again with the next file of this client."),
    )
    sheet = forms.CharField(label=gettext_lazy("Sheet"), required=False, max_length=200)
    header_row = forms.IntegerField(
        label=gettext_lazy("Header row"), required=False, min_value=1, max_value=1_000
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("as recognised")), *[(name, name) for name in ENCODINGS]],
    )

    def __init__(self, *args, keys=(), kind="csv", **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            (CUSTOM, _("keep as a further field")),
            (IGNORE, _("leave out")),
            *[(target, _(label)) for target, (label, _words) in TARGETS.items()],
        ]
        self.columns = []
        for place, key in enumerate(keys):
            self.fields[f"column{place}"] = forms.ChoiceField(label=key, choices=choices)
            self.columns.append((f"column{place}", key))
        del self.fields["encoding" if kind == "xlsx" else "sheet"]

    def column_fields(self):
        """The bound choice of each column of the file, in their order."""
        return [self[name] for name, _key in self.columns]

    def reading(self) -> dict:
        """What the person chose about how the file is read; empty choices mean: as recognised."""
        names = ("sheet", "header_row", "encoding")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    def mapping(self) -> dict:
        """The mapping that was chosen; columns that are not in the form are kept as further fields."""
        return {"columns": {key: self.cleaned_data[name] for name, key in self.columns}, "rest": CUSTOM}
