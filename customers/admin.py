"""The administrator's pages about clients, regions, calling windows, contact rules and the do-not-call list."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

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
)
from customers.queries.completeness import REQUIRABLE
from customers.resources import BlacklistResource, RegionResource
from customers.rules.importing import TARGETS
from customers.rules.phones import PhoneRejected, mask, normalise


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
    inlines = [CustomFieldInline]
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
    contract_purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes that need no consent by phone"),
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
            "contract_purposes",
        ]


@admin.register(ContactRule)
class ContactRuleAdmin(admin.ModelAdmin):
    form = RuleForm
    list_display = ["__str__", "max_per_day", "max_per_five_minutes", "gap_days"]
    ordering = ["key_customer", "id"]


class NumberForm(forms.ModelForm):
    """A number typed in any way, stored as E.164."""

    class Meta:
        model = BlacklistEntry
        fields = ["number"]

    def clean_number(self):
        try:
            return normalise(self.cleaned_data["number"]).e164
        except PhoneRejected as rejected:
            raise forms.ValidationError(_(rejected.message)) from None


@admin.register(BlacklistEntry)
class BlacklistAdmin(ReferenceAdmin):
    """Numbers that nobody may call. Entries about a customer are made on the customer's page."""

    resource_classes = [BlacklistResource]
    form = NumberForm
    list_display = ["masked", "client", "purpose", "category", "reason", "created_at", "expires_at"]
    list_select_related = ["client"]
    fields = ["number", "client", "purpose", "category", "reason", "evidence", "expires_at"]
    ordering = ["-created_at", "-id"]

    @admin.display(description=gettext_lazy("number"))
    def masked(self, entry):
        return mask(entry.number)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(customer=None)

    def has_delete_permission(self, request, obj=None):
        """An entry ends; that it was there stays on record."""
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_at, obj.created_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)


@admin.register(ImportMapping)
class ImportMappingAdmin(admin.ModelAdmin):
    """Saved mappings: they are made on the import's page and only renamed or removed here."""

    list_display = ["name", "client"]
    list_select_related = ["client"]
    fields = ["name"]
    ordering = ["client__name", "name", "id"]

    def has_add_permission(self, request):
        return False
