"""Reference data that comes and goes as workbooks: regions."""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from customers.models import Region


class RegionResource(resources.ModelResource):
    """Regions by code; the region above must come before those below it."""

    parent = fields.Field("parent", "parent", ForeignKeyWidget(Region, "code"))

    class Meta:
        model = Region
        import_id_fields = ["code"]
        fields = ["code", "name", "parent"]
        skip_unchanged = True
