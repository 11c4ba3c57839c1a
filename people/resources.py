"""Reference data of the organisation as workbooks; rows are recognised by their codes."""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from people.models import Calendar, CalendarDay, Department, Team, Unit


class UnitResource(resources.ModelResource):
    parent = fields.Field("parent", "parent", ForeignKeyWidget(Unit, "code"))

    class Meta:
        model = Unit
        import_id_fields = ["code"]
        fields = ["code", "name", "level", "parent"]
        clean_model_instances = True


class TeamResource(resources.ModelResource):
    unit = fields.Field("unit", "unit", ForeignKeyWidget(Unit, "code"))
    calendar = fields.Field("calendar", "calendar", ForeignKeyWidget(Calendar, "name"))

    class Meta:
        model = Team
        import_id_fields = ["code"]
        fields = ["code", "name", "unit", "calendar"]
        clean_model_instances = True


class DepartmentResource(resources.ModelResource):
    class Meta:
        model = Department
        import_id_fields = ["code"]
        fields = ["code", "name", "active"]
        clean_model_instances = True


class CalendarDayResource(resources.ModelResource):
    calendar = fields.Field("calendar", "calendar", ForeignKeyWidget(Calendar, "name"))

    class Meta:
        model = CalendarDay
        import_id_fields = ["calendar", "day"]
        fields = ["calendar", "day", "kind", "name"]
        clean_model_instances = True
