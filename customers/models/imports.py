"""What an import is made of: the file and its choices, the saved mapping of columns, and staging rows (CUS-3)."""

from django.conf import settings
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


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An import holds a whole file of personal data: its owner's alone, and administrators'."""
        return self if user.scope().everything else self.filter(owner=user)


class Import(models.Model):
    """One file of customers and what is to become of it.

    ``checked_at`` says that the staging rows are complete, ``finished_at`` that they are gone again. ``counts`` always
    satisfy rows = accepted + updated + duplicate + rejected + blank.
    """

    class Duplicates(models.TextChoices):
        SKIP = "skip", _("leave known customers as they are")
        UPDATE = "update", _("update known customers")
        FAIL = "fail", _("import nothing if a customer is known")

    class Scope(models.TextChoices):
        """Among whom a phone number is looked for. A customer number is its client's own and is always looked for there."""

        FILE = "file", _("in this file only")
        CLIENT = "client", _("in this file and among the client's customers")
        ALL = "all", _("in this file and among the customers of all clients")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    team = models.ForeignKey(
        "people.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    path = models.CharField(max_length=300)
    name = models.CharField(_("file"), max_length=200)
    checksum = models.CharField(max_length=64)
    language = models.CharField(max_length=10, blank=True)
    # How the file is read when a person had to choose: sheet, header_row, encoding, delimiter.
    reading = models.JSONField(default=dict)
    # What was found on opening it so: the kind of file and its header, [[name as written, column letters], …]. Opening a
    # large workbook takes seconds, so it is not done again for each question.
    table = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    duplicates = models.CharField(
        _("known customers"), max_length=8, choices=Duplicates, default=Duplicates.SKIP
    )
    scope = models.CharField(_("same phone"), max_length=8, choices=Scope, default=Scope.CLIENT)
    keep_good = models.BooleanField(_("import the good rows although others are wrong"), default=True)
    repeat_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey("callcenter.Job", models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"))
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["client", "checksum"], name="import_of_file")]

    def __str__(self):
        return self.name

    @property
    def updates_known(self):
        """A file imported once changes nobody the second time."""
        return self.duplicates == self.Duplicates.UPDATE and self.repeat_of_id is None


class ImportRow(models.Model):
    """Staging: one line of a file being imported; read in by COPY and moved on by set-based SQL, never one by one.

    Columns the file does not have keep their database defaults. The table is not logged on PostgreSQL: after a crash
    of the database it is empty and the file is read again.
    """

    class Outcome(models.TextChoices):
        NEW = "new"
        KNOWN = "known"
        SHARED = "shared"
        FOREIGN = "foreign"
        ELSEWHERE = "elsewhere"
        REPEATED = "repeated"
        REJECTED = "rejected"

    pk = models.CompositePrimaryKey("batch_id", "row")
    batch = models.ForeignKey(Import, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    row = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=10, db_default=Outcome.NEW)
    external_id = models.CharField(max_length=60, db_default="")
    name = models.CharField(max_length=120, db_default="")
    gender = models.CharField(max_length=1, db_default="")
    salutation = models.CharField(max_length=60, db_default="")
    nature = models.CharField(max_length=12, db_default="")
    relation = models.CharField(max_length=12, db_default="")
    level = models.CharField(max_length=30, db_default="")
    key_customer = models.BooleanField(null=True)
    # What the file says about being called; it becomes consent for the purposes that need one.
    consent = models.BooleanField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    region_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=300, db_default="")
    email = models.CharField(max_length=254, db_default="")
    id_sealed = models.TextField(db_default="")
    id_print = models.CharField(max_length=64, db_default="")
    language = models.CharField(max_length=10, db_default="")
    source = models.CharField(max_length=60, db_default="")
    rest_hours = models.JSONField(null=True)
    preferred_hours = models.JSONField(null=True)
    custom = models.JSONField(null=True)
    number = models.CharField(max_length=20, db_default="")
    extension = models.CharField(max_length=10, db_default="")
    kind = models.CharField(max_length=10, db_default="")
    # Further numbers of the same customer: [[number, extension, kind], …]
    more = models.JSONField(null=True)
    customer_id = models.BigIntegerField(null=True)
    # The earlier row of the same file that this one repeats.
    other_row = models.BigIntegerField(null=True)
    do_not_call = models.BooleanField(db_default=False)
    errors = models.JSONField(null=True)
    cells = models.JSONField(null=True)

    def __str__(self):
        return str(self.row)
