"""The administrator's pages about people, the organisation and the calendars."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from rest_framework.authtoken.models import TokenProxy

from people.forms import CalendarDayForm, CalendarForm, language_field
from people.models import (
    AgentSkill,
    Calendar,
    CalendarDay,
    Department,
    DepartmentContact,
    FloorRule,
    Membership,
    Skill,
    Team,
    Unit,
    User,
)
from people.resources import CalendarDayResource, DepartmentResource, TeamResource, UnitResource

# Rights come from memberships alone, and nobody reads another person's API token.
admin.site.unregister([Group, TokenProxy])


class ReferenceAdmin(ImportExportMixin, admin.ModelAdmin):
    """Reference data that comes and goes as workbooks."""

    formats = [XLSX, CSV]
    skip_export_form = True


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["team", "unit", "department"]


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People, their sign-in and their roles; Django's own groups, flags and permissions are not used."""

    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name", "employee_no", "email", "language", "keyboard_commands"]}),
        (_("Telephone"), {"fields": ["extension", "dial_scheme"]}),
        (_("State"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "full_name", "employee_no", "usable_password", "password1", "password2"]},
        )
    ]
    list_display = ["username", "full_name", "employee_no", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role", "memberships__team"]
    search_fields = ["username", "full_name", "employee_no"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    ordering = ["username"]
    inlines = [MembershipInline]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "language":
            return language_field()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """Somebody who has left is made inactive: calls and reviews keep their author."""
        return False


@admin.register(Unit)
class UnitAdmin(ReferenceAdmin):
    resource_classes = [UnitResource]
    list_display = ["name", "code", "level", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["parent"]
    ordering = ["path", "id"]


@admin.register(Team)
class TeamAdmin(ReferenceAdmin):
    resource_classes = [TeamResource]
    list_display = ["name", "code", "unit", "calendar"]
    list_select_related = ["unit", "calendar"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["unit"]
    ordering = ["name", "id"]


class ContactInline(admin.TabularInline):
    model = DepartmentContact
    extra = 0
    max_num = 4
    autocomplete_fields = ["user"]


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    resource_classes = [DepartmentResource]
    list_display = ["name", "code", "active"]
    list_filter = ["active"]
    search_fields = ["name", "code"]
    ordering = ["name", "id"]
    inlines = [ContactInline]


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    form = CalendarForm
    list_display = ["name", "zone", "is_default"]
    search_fields = ["name"]
    ordering = ["name", "id"]


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    form = CalendarDayForm
    resource_classes = [CalendarDayResource]
    list_display = ["day", "kind", "name", "calendar"]
    list_select_related = ["calendar"]
    list_filter = ["calendar", "kind"]
    date_hierarchy = "day"
    search_fields = ["name"]
    ordering = ["-day", "id"]


class LevelInline(admin.TabularInline):
    model = AgentSkill
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "code"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]
    ordering = ["kind", "name", "id"]
    inlines = [LevelInline]


@admin.register(FloorRule)
class FloorRuleAdmin(admin.ModelAdmin):
    """Allowances, places for breaks, and when a lead is told; a team without a rule of its own takes everybody's."""

    list_display = ["__str__", "morning_minutes", "afternoon_minutes", "share", "at_least", "form_seconds"]
    list_select_related = ["team"]
    autocomplete_fields = ["team"]
    search_fields = ["team__name"]
    ordering = ["team__name", "id"]
