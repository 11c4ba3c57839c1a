"""Reference data that comes and goes as workbooks: regions; the do-not-call list only goes (CUS-6, CUS-11)."""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from customers.models import BlacklistEntry, Client, Region
from customers.rules.phones import mask


class RegionResource(resources.ModelResource):
    """Regions by code; the region above must come before those below it."""

    parent = fields.Field("parent", "parent", ForeignKeyWidget(Region, "code"))

    class Meta:
        model = Region
        import_id_fields = ["code"]
        fields = ["code", "name", "parent"]
        skip_unchanged = True


class BlacklistResource(resources.ModelResource):
    """What the do-not-call list says about numbers. Lists come in on its own page."""

    client = fields.Field("client", "client", ForeignKeyWidget(Client, "code"))

    class Meta:
        model = BlacklistEntry
        fields = ["number", "client", "purpose", "category", "state", "reason", "evidence", "expires_at"]

    def dehydrate_number(self, entry):
        """The number with its middle hidden: what leaves here tells that somebody is on the list, not who."""
        return mask(entry.number)

    def get_queryset(self):
        return super().get_queryset().filter(customer=None)
