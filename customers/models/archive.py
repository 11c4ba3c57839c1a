"""The customer archive (CUS-1, CUS-2)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.masking import mask_email
from callcenter.sealing import unseal
from customers.rules.identity import mask_identity
from customers.rules.phones import mask


class ClientQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see every client their centre works for; an observer only their own."""
        scope = user.scope()
        if scope.roles <= {"client"}:
            return self.filter(pk__in=[grant.client_id for grant in scope.grants])
        return self


class Client(models.Model):
    """A client (委托方) on whose behalf customers are called."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=30, unique=True)
    # Names of Customer columns ("phone" for a number) that a complete record of this client has filled in (CUS-4).
    required_fields = models.JSONField(_("required fields"), default=list, blank=True)
    retention_days = models.PositiveIntegerField(
        _("days records are kept after the last contact"),
        null=True,
        blank=True,
        validators=[MinValueValidator(30)],
        help_text=_(
            "Empty: until the client asks for erasure. Call-centre records are kept 30 days at least."
        ),
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self):
        return self.name


class Region(models.Model):
    """A node of the region tree (片区); calling windows may differ by region."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self):
        return self.name


class CustomField(models.Model):
    """A field that one client's customers have beside ours; its value is text in ``Customer.custom`` under ``name`` (CUS-1)."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        CHOICE = "choice", _("choice")

    client = models.ForeignKey(Client, models.CASCADE, related_name="custom_fields")
    name = models.CharField(
        _("name"), max_length=100, help_text=_("The column of the client's files that holds it.")
    )
    label = models.CharField(_("label"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("further field")
        verbose_name_plural = _("further fields")
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="custom_field_once")]

    def __str__(self):
        return self.label or self.name


class CustomerQuerySet(models.QuerySet):
    def records(self):
        """Without the signposts that merged duplicates leave behind."""
        return self.filter(merged_into=None)

    def visible_to(self, user):
        """Customers of the person's teams (or their units), and for an observer those of the client (ORG-1).

        Agents reach a customer through the task they hold, never by browsing the archive.
        """
        scope = user.scope()
        reached = scope.rows(team="team", unit="unit", client="client")
        return self if scope.everything else self.filter(reached)


class Customer(models.Model):
    class Nature(models.TextChoices):
        INDIVIDUAL = "individual", _("individual")
        COMPANY = "company", _("company")

    class Relation(models.TextChoices):
        UNKNOWN = "", _("not known")
        NEW = "new", _("new")
        RENEWAL = "renewal", _("renewal")
        POTENTIAL = "potential", _("potential")

    class Restriction(models.TextChoices):
        """Why the data may be stored but not used for contacts."""

        NONE = "", _("none")
        ERASED = "erased", _("erased")
        DECEASED = "deceased", _("deceased")
        LEGAL_HOLD = "legal_hold", _("legal hold")
        MERGED = "merged", _("merged into another record")

    class Gender(models.TextChoices):
        UNKNOWN = "", _("not known")
        FEMALE = "f", _("female")
        MALE = "m", _("male")

    # The indexes below begin with these keys, so that they need none of their own.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="customers", verbose_name=_("client"), db_index=False
    )
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False
    )
    team = models.ForeignKey(
        "people.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        db_index=False,
    )
    external_id = models.CharField(_("customer number"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=120)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    salutation = models.CharField(_("salutation"), max_length=60, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.INDIVIDUAL)
    relation = models.CharField(_("relation"), max_length=12, choices=Relation, blank=True)
    level = models.CharField(_("level"), max_length=30, blank=True)
    key_customer = models.BooleanField(_("key customer"), default=False)
    amount = models.DecimalField(
        _("insured amount or spend"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        db_index=False,
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # The number of an identity document: sealed, and the keyed hash that finds it (callcenter.sealing).
    id_sealed = models.TextField(blank=True, default="", db_default="", editable=False)
    id_print = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # Lists of ["HH:MM", "HH:MM"] in the site's zone; a range may cross midnight.
    rest_hours = models.JSONField(_("rest hours"), default=list, blank=True)
    preferred_hours = models.JSONField(_("preferred hours"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    custom = models.JSONField(_("further fields"), default=dict, blank=True)
    restriction = models.CharField(_("restriction"), max_length=12, choices=Restriction, blank=True)
    # The instant of the oldest row in the ledger of contacts; who has none was never contacted (CUS-5).
    first_contact_at = models.DateTimeField(_("first contact"), null=True, blank=True, editable=False)
    # A duplicate that was merged stays as a signpost to the record it became part of.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(
                # The number leads, so that a search by number alone uses the same index.
                fields=["external_id", "client"],
                name="customer_number_once",
                condition=~Q(external_id=""),
            )
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="customer_of_team"),
            models.Index(fields=["unit", "-id"], name="customer_of_unit"),
            models.Index(fields=["client", "-id"], name="customer_of_client"),
            # What a segment asks of everybody is answered from these few columns, not from the wide rows (CUS-5).
            models.Index(
                fields=["id"],
                name="customer_usable",
                include=["key_customer", "amount", "first_contact_at"],
                condition=Q(restriction=""),
            ),
            # A segment of a region is counted in the index alone, whatever else it asks of these columns (CUS-5).
            models.Index(
                fields=["region"],
                name="customer_of_region",
                include=[
                    "id",
                    "client",
                    "unit",
                    "team",
                    "level",
                    "key_customer",
                    "amount",
                    "nature",
                    "relation",
                    "restriction",
                ],
            ),
            models.Index(fields=["name"], name="customer_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["id_print"], name="customer_identity", condition=~Q(id_print="")),
            models.Index(
                fields=["merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name or self.external_id or f"#{self.pk}"

    @property
    def masked_email(self):
        """The e-mail address as everybody sees it; "" without one (CUS-11)."""
        return mask_email(self.email)

    @property
    def masked_identity(self):
        """The number of the identity document as everybody sees it; "" without one (CUS-11)."""
        return mask_identity(unseal(self.id_sealed))


class PhoneQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(state=Phone.State.VALID)


class Phone(models.Model):
    """One number of a customer, E.164. An invalid number is closed; the account stays while another is valid."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        LANDLINE = "landline", _("landline")
        SERVICE = "service", _("service number")
        FOREIGN = "foreign", _("foreign number")

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        EMPTY = "empty", _("vacant number")
        SUSPENDED = "suspended", _("service suspended")
        WRONG = "wrong", _("wrong number")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phones")
    number = models.CharField(_("number"), max_length=20)
    extension = models.CharField(_("extension"), max_length=10, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MOBILE)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VALID)
    preferred = models.BooleanField(_("preferred"), default=False)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number", "extension"], name="phone_once"),
            models.UniqueConstraint(
                fields=["customer"], name="one_preferred_phone", condition=Q(preferred=True)
            ),
        ]
        indexes = [models.Index(fields=["number"], name="phone_number")]

    def __str__(self):
        return mask(self.number)


class ServiceEvent(models.Model):
    """Something that happened to a customer and may trigger a callback policy (CUS-2)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=40)
    occurred_at = models.DateTimeField(_("occurred"))
    external_id = models.CharField(_("event number"), max_length=80)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("service event")
        verbose_name_plural = _("service events")
        constraints = [models.UniqueConstraint(fields=["client", "kind", "external_id"], name="event_once")]
        indexes = [
            models.Index(fields=["client", "kind", "occurred_at"], name="event_for_policy"),
            # Who had such an event in a span of time: a segment's question.
            models.Index(fields=["kind", "occurred_at", "customer"], name="event_of_kind"),
        ]

    def __str__(self):
        return f"{self.kind} {self.external_id}"
