"""The administrator's view of the question bank and of the rotation settings."""

from django.contrib import admin
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from surveys.actions import used_in_published
from surveys.models import Question, Questionnaire
from surveys.resources import QuestionResource


@admin.register(Question)
class QuestionAdmin(ImportExportMixin, admin.ModelAdmin):
    """Tags and workbooks; texts are written on the pages of the question bank, where they are checked."""

    formats = [XLSX, CSV]
    skip_export_form = True
    resource_classes = [QuestionResource]
    list_display = ["code", "__str__", "kind", "direction", "purpose", "active"]
    list_filter = ["kind", "direction", "purpose", "active"]
    search_fields = ["code", "text"]
    ordering = ["code", "id"]
    fields = ["code", "direction", "purpose", "customer_kind", "active"]

    def has_add_permission(self, request):
        """Questions are written on their own page, where their texts and options are checked."""
        return False

    def has_delete_permission(self, request, obj=None):
        """A question that a published questionnaire asks stays, with the answers to it."""
        return obj is not None and not used_in_published(obj)


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    """When a question is worn out (CAM-8); the questions themselves are on the questionnaire's page."""

    list_display = ["name", "code", "rotate_days", "rotate_answers", "rotate_mean", "rotate_low"]
    search_fields = ["name", "code"]
    ordering = ["name", "id"]
    readonly_fields = ["code"]

    def has_add_permission(self, request):
        """A questionnaire begins with its first draft, on the page of the questionnaires."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Versions and answers refer to it."""
        return False
