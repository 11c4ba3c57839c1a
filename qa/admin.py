"""Reference data of quality for administrators: scorecards and sampling plans."""

from django.contrib import admin

from qa.models import Criterion, SamplingPlan, Scorecard, ScorecardVersion


class CriterionInline(admin.TabularInline):
    model = Criterion
    extra = 0


class VersionInline(admin.TabularInline):
    model = ScorecardVersion
    extra = 0


@admin.register(Scorecard)
class ScorecardAdmin(admin.ModelAdmin):
    list_display = ("name", "code")
    inlines = [VersionInline]


@admin.register(ScorecardVersion)
class ScorecardVersionAdmin(admin.ModelAdmin):
    """A version that has scored a call is history: it can be read, not changed."""

    list_display = ("scorecard", "number", "pass_mark")
    list_select_related = ("scorecard",)
    inlines = [CriterionInline]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.reviews.exists())


@admin.register(SamplingPlan)
class SamplingPlanAdmin(admin.ModelAdmin):
    list_display = ("name", "unit", "campaign", "scorecard", "percent", "active")
    list_select_related = ("unit", "campaign", "scorecard")
