"""The administrator's pages about problem points: their names, departments, desk keys and focus thresholds."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from complaints.forms.points import ProblemPointForm
from complaints.models import Issue, ProblemPoint


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
