"""The administrator's pages about clients, regions, calling windows, contact rules and the do-not-call list."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from callcenter.admin_exports import ReasonedExports
from customers.forms.archive import HoursField
from customers.models import (
    BlacklistEntry,
    CallingWindow,
    Client,
    ContactRule,
    CustomField,
    ImportMapping,
    Purpose,
    Region,
    Retention,
)
from customers.queries.completeness import REQUIRABLE
from customers.resources import BlacklistResource, RegionResource
from customers.rules.importing import TARGETS
from customers.rules.phones import mask


class ReferenceAdmin(ImportExportMixin, admin.ModelAdmin):
    """Reference data that comes and goes as workbooks."""

    formats = [XLSX, CSV]
    skip_export_form = True


class ClientForm(forms.ModelForm):
    required_fields = forms.MultipleChoiceField(
        label=gettext_lazy("Required fields"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What a complete record of this client has; the completeness score counts them."
        ),
    )

    class Meta:
        model = Client
        fields = ["name", "code", "required_fields", "retention_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["required_fields"].choices = [(name, _(TARGETS[name][0])) for name in REQUIRABLE]


class RetentionInline(admin.TabularInline):
    """How long records other than the customers themselves are kept."""

    model = Retention
    extra = 0
    ordering = ["kind", "id"]


class CustomFieldForm(forms.ModelForm):
    """One line per choice, as people write lists."""

    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 24}),
        help_text=gettext_lazy("One per line; only for the kind “choice”."),
    )

    class Meta:
        model = CustomField
        fields = ["name", "label", "kind", "options", "required", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["options"] = "\n".join(self.instance.options)

    def clean_name(self):
        """The name is the key of the stored value; blanks around it would be another key."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_options(self):
        lines = (line.strip() for line in self.cleaned_data["options"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self):
        super().clean()
        if self.cleaned_data.get("kind") == CustomField.Kind.CHOICE and not self.cleaned_data.get("options"):
            self.add_error("options", _("Name the values that can be chosen."))


class CustomFieldInline(admin.TabularInline):
    model = CustomField
    form = CustomFieldForm
    extra = 0
    ordering = ["position", "id"]


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    form = ClientForm
    inlines = [CustomFieldInline, RetentionInline]
    list_display = ["name", "code", "retention_days"]
    search_fields = ["name", "code"]
    ordering = ["name", "id"]


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    resource_classes = [RegionResource]
    list_display = ["name", "code", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["parent"]
    ordering = ["code", "id"]


class WindowForm(forms.ModelForm):
    ranges = HoursField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "For example 08:00-21:00; several ranges divided by a semicolon; empty: no contacts."
        ),
    )

    class Meta:
        model = CallingWindow
        fields = ["purpose", "region", "day_type", "ranges"]


@admin.register(CallingWindow)
class CallingWindowAdmin(admin.ModelAdmin):
    form = WindowForm
    list_display = ["shown_purpose", "region", "shown_day", "shown_hours"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    ordering = ["purpose", "region__code", "day_type", "id"]

    @admin.display(description=gettext_lazy("purpose"))
    def shown_purpose(self, window):
        return window.get_purpose_display() or _("every purpose")

    @admin.display(description=gettext_lazy("day type"))
    def shown_day(self, window):
        return window.get_day_type_display() or _("every day")

    @admin.display(description=gettext_lazy("hours"))
    def shown_hours(self, window):
        return ", ".join("–".join(pair) for pair in window.ranges) or _("no contacts")


class RuleForm(forms.ModelForm):
    final_purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes that one refusal ends for good"),
        required=False,
        choices=Purpose,
        widget=forms.CheckboxSelectMultiple,
    )
    contract_purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes that need no consent by phone, post or visit"),
        required=False,
        choices=Purpose,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "They rest on the client's contract with the customer. A withdrawal still ends them."
        ),
    )

    class Meta:
        model = ContactRule
        fields = [
            "key_customer",
            "max_per_day",
            "max_per_five_minutes",
            "gap_days",
            "refusal_days",
            "refusals_forever",
            "final_purposes",
            "contract_purposes",
        ]


@admin.register(ContactRule)
class ContactRuleAdmin(admin.ModelAdmin):
    form = RuleForm
    list_display = ["__str__", "max_per_day", "max_per_five_minutes", "gap_days"]
    ordering = ["key_customer", "id"]


@admin.register(BlacklistEntry)
class BlacklistAdmin(ReasonedExports, ExportMixin, admin.ModelAdmin):
    """Only to look up: what is written here must pass a second person, on the page of the do-not-call list (CUS-6)."""

    resource_classes = [BlacklistResource]
    formats = [XLSX, CSV]
    list_display = ["__str__", "masked", "state", "client", "purpose", "category", "created_at", "expires_at"]
    list_select_related = ["client"]
    list_filter = ["state", "category"]
    fields = ["state", "masked", "client", "purpose", "category", "reason", "evidence", "expires_at"]
    readonly_fields = fields
    ordering = ["-created_at", "-id"]

    @admin.display(description=gettext_lazy("number"))
    def masked(self, entry):
        return mask(entry.number) if entry.number else "—"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        """An entry ends; that it was there stays on record."""
        return False


@admin.register(ImportMapping)
class ImportMappingAdmin(admin.ModelAdmin):
    """Saved mappings: they are made on the import's page and only renamed or removed here."""

    list_display = ["name", "client"]
    list_select_related = ["client"]
    fields = ["name"]
    ordering = ["client__name", "name", "id"]

    def has_add_permission(self, request):
        return False
