"""What an import leaves behind: the saved mapping of columns, and the staging rows of a running job (CUS-3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.archive import Client


class ImportMapping(models.Model):
    """How the columns of one client's files map to our fields; offered again with the next file."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="import_mappings")
    kind = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=80)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "kind", "name"], name="mapping_once")]

    def __str__(self):
        return self.name


class ImportRow(models.Model):
    """Staging: one accepted line of a running import, emptied chunk by chunk by set-based SQL."""

    job = models.ForeignKey("callcenter.Job", models.CASCADE, related_name="+", db_index=False)
    row = models.PositiveBigIntegerField()
    external_id = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "row"], name="import_row_once")]

    def __str__(self):
        return str(self.row)
