"""Reference data that comes and goes as workbooks: regions, and the do-not-call list (CUS-6)."""

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from callcenter.spreadsheet.cells import clean
from customers.models import BlacklistEntry, Client, Region
from customers.rules.phones import PhoneRejected, mask, normalise


class RegionResource(resources.ModelResource):
    """Regions by code; the region above must come before those below it."""

    parent = fields.Field("parent", "parent", ForeignKeyWidget(Region, "code"))

    class Meta:
        model = Region
        import_id_fields = ["code"]
        fields = ["code", "name", "parent"]
        skip_unchanged = True


class BlacklistResource(resources.ModelResource):
    """Numbers not to call. Imported numbers may be typed in any way; a number already on the list is left as it is."""

    client = fields.Field("client", "client", ForeignKeyWidget(Client, "code"))

    class Meta:
        model = BlacklistEntry
        import_id_fields = ["number", "client", "purpose"]
        fields = ["number", "client", "purpose", "category", "reason", "evidence", "expires_at"]
        skip_unchanged = True

    def before_import_row(self, row, **kwargs):
        try:
            row["number"] = normalise(row.get("number")).e164
        except PhoneRejected as rejected:
            raise ValueError(_(rejected.message)) from None
        row["client"], row["purpose"] = row.get("client") or "", row.get("purpose") or ""
        row["category"] = clean(str(row.get("category") or "asked"))
        row["reason"] = clean(str(row.get("reason") or _("imported list")))

    def before_save_instance(self, instance, row, **kwargs):
        if instance.created_at is None:
            instance.created_at = timezone.now()
            instance.created_by = kwargs.get("user")

    def dehydrate_number(self, entry):
        """The number with its middle hidden: what leaves here tells that somebody is on the list, not who."""
        return mask(entry.number)

    def get_queryset(self):
        return super().get_queryset().filter(customer=None)
