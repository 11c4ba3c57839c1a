"""The administrator's pages about problem points (names, departments, desk keys, focus thresholds) and churn rules."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from complaints.forms.churn import ChurnRuleForm
from complaints.forms.points import ProblemPointForm
from complaints.models import ChurnReason, ChurnRule, Issue, ProblemPoint


@admin.register(ProblemPoint)
class ProblemPointAdmin(admin.ModelAdmin):
    """A point that was reported is not deleted but set out of use, so that its history keeps its name."""

    form = ProblemPointForm
    list_display = ["shown_name", "code", "category", "department", "key", "focus_threshold", "active"]
    list_filter = ["active", "category", "department"]
    search_fields = ["code"]
    ordering = ["code"]
    list_select_related = ["department"]

    @admin.display(description=_("Name"))
    def shown_name(self, point):
        return str(point)

    def has_delete_permission(self, request, obj=None):
        reported = obj is not None and Issue.objects.filter(problem_point=obj).exists()
        return not reported and super().has_delete_permission(request, obj)


@admin.register(ChurnRule)
class ChurnRuleAdmin(admin.ModelAdmin):
    """A rule that has warned is not deleted but set out of use: its reasons are part of the history."""

    form = ChurnRuleForm
    list_display = ["name", "kind", "client", "quiet_days", "active"]
    list_filter = ["active", "kind"]
    list_select_related = ["client"]
    ordering = ["kind", "id"]

    def has_delete_permission(self, request, obj=None):
        warned = obj is not None and ChurnReason.objects.filter(rule=obj).exists()
        return not warned and super().has_delete_permission(request, obj)
