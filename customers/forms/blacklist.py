"""The do-not-call list: finding entries, writing one down, deciding about one, loading a list (CUS-6)."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import BlacklistEntry, Client, Purpose
from customers.queries.blacklist import OVER, REACHES
from customers.states import EntryState

ALL = gettext_lazy("all")
REACH_NAMES = {
    "everywhere": gettext_lazy("everywhere"),
    "client": gettext_lazy("for one client"),
    "campaign": gettext_lazy("for one campaign"),
    "purpose": gettext_lazy("for one purpose"),
    "number": gettext_lazy("a number"),
    "person": gettext_lazy("a person"),
}
CATEGORIES = [*BlacklistEntry.Category.choices, *BlacklistEntry.Written.choices]


class EntryFilter(forms.Form):
    """Filters of the list; nonsense values simply do not filter."""

    reach = forms.ChoiceField(
        label=gettext_lazy("Reach"),
        required=False,
        choices=[("", ALL), *((name, REACH_NAMES[name]) for name in REACHES)],
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), required=False, choices=[("", ALL), *CATEGORIES]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", ALL), *EntryState.choices, (OVER, gettext_lazy("ended by time"))],
    )
    client = forms.ModelChoiceField(
        label=gettext_lazy("Client"), required=False, queryset=Client.objects.none(), empty_label=ALL
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.entry_list``."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class BlockForm(forms.Form):
    """A customer for the do-not-call list."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=BlacklistEntry.Category,
        help_text=gettext_lazy(
            "The customer's own wish and the law hold at once; anything else waits for a second person."
        ),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Only for"),
        required=False,
        choices=[("", gettext_lazy("every purpose")), *Purpose.choices],
    )
    campaign_code = forms.CharField(
        label=gettext_lazy("Only for the campaign"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("The campaign's code; empty: every campaign."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    evidence = forms.CharField(label=gettext_lazy("Evidence"), required=False, max_length=300)
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        help_text=gettext_lazy("Empty: never. For example 2027-06-30 00:00"),
    )


class NewEntryForm(BlockForm):
    """A number for the do-not-call list, whoever has it."""

    number = forms.CharField(label=gettext_lazy("Whole phone number"), max_length=40)
    client = forms.ModelChoiceField(
        label=gettext_lazy("Only for the client"),
        required=False,
        queryset=Client.objects.none(),
        empty_label=gettext_lazy("every client"),
    )
    field_order = ["number", "category", "client"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")


class EntryVerbForm(forms.Form):
    """The reason of a step; approving needs none."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = verb not in ("approve", "remove")


class EntryImportForm(forms.Form):
    """A list of numbers that nobody may call."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        help_text=gettext_lazy("CSV or XLSX with a header row; only the column of the number is needed."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_IMPORT_BYTES:
            limit = settings.MAX_IMPORT_BYTES // 1024 // 1024
            raise ValidationError(_("The file is larger than %(limit)s MB. Split it.") % {"limit": limit})
        return upload
