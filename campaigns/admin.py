"""The administrator's pages about dispositions and targets (CB-4, KPI-1)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from campaigns.models import Campaign, Disposition, Target
from campaigns.resources import DispositionResource, TargetResource
from surveys.forms import TextsField


class ReferenceAdmin(ImportExportMixin, admin.ModelAdmin):
    """Reference data that comes and goes as workbooks."""

    formats = [XLSX, CSV]
    skip_export_form = True


class DispositionForm(forms.ModelForm):
    """Names in three languages, and flags that agree with each other."""

    name = TextsField(label=gettext_lazy("Name"), rows=1, max_length=80)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Offered in campaigns of type"),
        choices=Campaign.Kind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: in all."),
    )

    class Meta:
        model = Disposition
        fields = [
            "code",
            "name",
            "position",
            "ring_key",
            "wrap_key",
            "attempt",
            "connected",
            "reached",
            "completed",
            "sold",
            "refused",
            "useless",
            "closes",
            "do_not_call",
            "appointment",
            "offers_channel",
            "phone_state",
            "retry",
            "retry_seconds",
            "kinds",
            "active",
        ]

    def clean(self):
        values = super().clean()
        if values.get("completed") and not values.get("reached"):
            self.add_error("completed", _("A completed call has reached the right party: tick that as well."))
        if values.get("reached") and not values.get("connected"):
            self.add_error("reached", _("Who was reached was connected: tick that as well."))
        if values.get("sold") and not values.get("completed"):
            self.add_error("sold", _("A sale is a completed call: tick that as well."))
        if values.get("retry") and values.get("closes"):
            self.add_error("retry", _("A result that closes the task has no retry."))
        return values


@admin.register(Disposition)
class DispositionAdmin(ReferenceAdmin):
    form = DispositionForm
    resource_classes = [DispositionResource]
    list_display = [
        "code",
        "__str__",
        "ring_key",
        "wrap_key",
        "connected",
        "reached",
        "completed",
        "useless",
        "closes",
        "retry",
        "active",
    ]
    list_filter = ["active", "system", "useless", "closes"]
    search_fields = ["code", "name"]
    ordering = ["position", "id"]

    def get_readonly_fields(self, request, obj=None):
        """The code of a result that exists stays: formulas and imports know it."""
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """Results are switched off, never deleted: calls refer to them."""
        return False


@admin.register(Target)
class TargetAdmin(ReferenceAdmin):
    resource_classes = [TargetResource]
    list_display = ["metric", "campaign", "team", "agent", "valid_from", "valid_to", "value", "amber"]
    list_select_related = ["campaign", "team", "agent"]
    list_filter = ["metric", "campaign"]
    date_hierarchy = "valid_from"
    search_fields = ["metric"]
    autocomplete_fields = ["team", "agent"]
    ordering = ["-valid_from", "id"]
