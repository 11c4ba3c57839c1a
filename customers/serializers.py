"""The shape of customers, events and do-not-call entries in the API; phone numbers leave it masked (CUS-11)."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from callcenter.masking import mask_text
from callcenter.spreadsheet.delimited import DELIMITERS
from callcenter.spreadsheet.encodings import ENCODINGS
from customers.models import (
    BlacklistEntry,
    Channel,
    Client,
    Consent,
    Customer,
    Phone,
    Purpose,
    Region,
    Segment,
    ServiceEvent,
)
from customers.rules.phones import mask
from people.models import Team, Unit

FUTURE = timedelta(days=1)
FACTS_LIMIT = 100


class CodeField(serializers.SlugRelatedField):
    """A row named by its code; one outside the caller's choices does not exist."""

    def __init__(self, **kwargs):
        super().__init__(slug_field="code", **kwargs)


class PhoneOutput(serializers.ModelSerializer):
    number = serializers.SerializerMethodField()

    class Meta:
        model = Phone
        fields = ["id", "number", "extension", "kind", "state", "preferred"]

    def get_number(self, phone) -> str:
        """The number with its middle hidden."""
        return mask(phone.number)


class CustomerOutput(serializers.ModelSerializer):
    """A customer with masked phones."""

    client = serializers.CharField(source="client.code")
    unit = serializers.CharField(source="unit.code")
    team = serializers.CharField(source="team.code", default=None)
    region = serializers.CharField(source="region.code", default=None)
    phones = PhoneOutput(many=True)
    email = serializers.CharField(source="masked_email")
    custom = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = [
            "id",
            "client",
            "unit",
            "team",
            "external_id",
            "name",
            "gender",
            "salutation",
            "nature",
            "relation",
            "level",
            "key_customer",
            "amount",
            "region",
            "address",
            "email",
            "language",
            "rest_hours",
            "preferred_hours",
            "source",
            "custom",
            "restriction",
            "phones",
            "created_at",
            "updated_at",
            "version",
        ]

    def get_custom(self, customer) -> dict[str, str]:
        """Further fields, with numbers and addresses in them hidden."""
        return {name: mask_text(str(value)) for name, value in customer.custom.items()}


class HoursField(serializers.ListField):
    """Hours of the day: [["12:00", "13:30"], …]."""

    child = serializers.ListField(
        child=serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$"), min_length=2, max_length=2
    )


def _whole(value: str) -> str:
    """Refuse a value whose middle is hidden: the caller has read it here and would store the stars."""
    if "***" in value:
        raise serializers.ValidationError(_("This value is masked. Leave it out, or send the whole one."))
    return value


class CustomerInput(serializers.ModelSerializer):
    """What may be written about a customer; where it belongs only when it is created."""

    region = CodeField(queryset=Region.objects.order_by("id"), required=False, allow_null=True)
    rest_hours = HoursField(required=False, max_length=10)
    preferred_hours = HoursField(required=False, max_length=10)
    custom = serializers.DictField(
        child=serializers.CharField(max_length=2_000, allow_blank=True), required=False
    )

    # Written here, shown nowhere: the page reveals it.
    id_number = serializers.CharField(max_length=40, required=False, allow_blank=True, write_only=True)

    class Meta:
        model = Customer
        fields = [
            "id_number",
            "external_id",
            "name",
            "gender",
            "salutation",
            "nature",
            "relation",
            "level",
            "key_customer",
            "amount",
            "region",
            "address",
            "email",
            "language",
            "rest_hours",
            "preferred_hours",
            "source",
            "custom",
        ]

    def validate_custom(self, value):
        """At most a hundred further fields."""
        if len(value) > FACTS_LIMIT:
            raise serializers.ValidationError(_("At most %(limit)s further fields.") % {"limit": FACTS_LIMIT})
        return {name: _whole(text) for name, text in value.items()}

    def validate_email(self, value):
        """What was read masked is not to be written back."""
        return _whole(value)

    def validate_id_number(self, value):
        return _whole(value)


class NewCustomerInput(CustomerInput):
    client = CodeField(queryset=Client.objects.none())
    unit = CodeField(queryset=Unit.objects.none(), required=False)
    team = CodeField(queryset=Team.objects.none(), required=False)
    numbers = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=10)

    class Meta(CustomerInput.Meta):
        fields = ["client", "unit", "team", "numbers", *CustomerInput.Meta.fields]
        # A number that is taken is a conflict the action tells, not a wrong value.
        validators = []

    def validate(self, data):
        """A team brings its unit; one of the two is needed."""
        team, unit = data.get("team"), data.get("unit")
        if team is None and unit is None:
            raise serializers.ValidationError({"team": [_("Name a team or a unit.")]})
        if team is not None and unit is not None and team.unit_id != unit.pk:
            raise serializers.ValidationError({"team": [_("The team belongs to another unit.")]})
        return data | {"unit": unit or team.unit, "team": team}


class CustomerChange(CustomerInput):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)

    class Meta(CustomerInput.Meta):
        fields = ["version", *CustomerInput.Meta.fields]

    def validate(self, data):
        """A change may leave out everything but the version it is about."""
        if "version" not in data:
            raise serializers.ValidationError({"version": [_("Send the version you read.")]})
        return data


class EventInput(serializers.Serializer):
    """A service event as a client's system reports it: about whom, what, when, and its own number."""

    client = CodeField(queryset=Client.objects.none())
    customer = serializers.CharField(max_length=60, help_text="the client's customer number")
    kind = serializers.RegexField(r"^[a-z][a-z0-9_]{0,39}$", help_text="for example claim_settled")
    external_id = serializers.CharField(max_length=80)
    occurred_at = serializers.DateTimeField()
    facts = serializers.DictField(required=False, default=dict)

    def validate_occurred_at(self, value):
        """What has not happened is no event; a day is allowed for clocks and time zones."""
        if value > timezone.now() + FUTURE:
            raise serializers.ValidationError(_("The event lies in the future."))
        return value


class EventOutput(serializers.ModelSerializer):
    client = serializers.CharField(source="client.code")
    customer = serializers.CharField(source="customer.external_id")

    class Meta:
        model = ServiceEvent
        fields = ["id", "client", "customer", "kind", "external_id", "occurred_at", "facts"]


class BlacklistInput(serializers.Serializer):
    """Whom not to call: a customer of a client, or a number."""

    client = CodeField(queryset=Client.objects.none(), required=False)
    customer = serializers.CharField(max_length=60, required=False, help_text="the client's customer number")
    number = serializers.CharField(max_length=40, required=False, default="")
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, default="", allow_blank=True)
    category = serializers.ChoiceField(choices=BlacklistEntry.Category.choices)
    campaign_code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=300)
    evidence = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    expires_at = serializers.DateTimeField(required=False, default=None, allow_null=True)


class BlacklistOutput(serializers.ModelSerializer):
    number = serializers.SerializerMethodField()
    client = serializers.CharField(source="client.code", default=None)
    customer = serializers.CharField(source="customer.external_id", default=None)

    class Meta:
        model = BlacklistEntry
        fields = [
            "id",
            "number",
            "customer",
            "client",
            "purpose",
            "campaign_code",
            "state",
            "category",
            "reason",
            "created_at",
            "expires_at",
        ]

    def get_number(self, entry) -> str:
        """The number with its middle hidden."""
        return mask(entry.number) if entry.number else ""


class ConsentInput(serializers.Serializer):
    """The customer's word about a channel and a purpose, and where it comes from."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=Consent.State.choices)
    source = serializers.CharField(max_length=120)
    evidence = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ConsentOutput(serializers.ModelSerializer):
    by = serializers.CharField(source="by.username", default=None)

    class Meta:
        model = Consent
        fields = ["id", "channel", "purpose", "state", "source", "evidence", "at", "by"]


class CustomerImportInput(serializers.Serializer):
    """A file of customers and where they go."""

    file = serializers.FileField(max_length=200)
    client = CodeField(queryset=Client.objects.none())
    unit = CodeField(queryset=Unit.objects.none(), required=False)
    team = CodeField(queryset=Team.objects.none(), required=False)
    mapping = serializers.JSONField(required=False)
    duplicates = serializers.ChoiceField(choices=["skip", "update", "fail"], default="skip")
    scope = serializers.ChoiceField(choices=["file", "client", "all"], default="client")
    keep_good = serializers.BooleanField(default=True)
    encoding = serializers.ChoiceField(choices=list(ENCODINGS), required=False)
    delimiter = serializers.ChoiceField(choices=list(DELIMITERS), required=False)
    sheet = serializers.CharField(max_length=200, required=False)
    header_row = serializers.IntegerField(min_value=1, max_value=1_000, required=False)

    validate = NewCustomerInput.validate

    def validate_file(self, upload):
        """A file too large to be imported is refused before it is stored."""
        if upload.size > settings.MAX_IMPORT_BYTES:
            limit = settings.MAX_IMPORT_BYTES // 1024 // 1024
            raise serializers.ValidationError(
                _("The file is larger than %(limit)s MB. Split it.") % {"limit": limit}
            )
        return upload


class SegmentOutput(serializers.ModelSerializer):
    """A saved segment: who wrote it, and whom it means, as data."""

    client = serializers.CharField(source="client.code", default=None)
    owner = serializers.CharField(source="owner.username")
    definition = serializers.JSONField()

    class Meta:
        model = Segment
        fields = [
            "id",
            "name",
            "description",
            "owner",
            "client",
            "shared",
            "definition",
            "created_at",
            "updated_at",
            "version",
        ]


class SegmentCountOutput(serializers.Serializer):
    """So many customers of the caller's scope, at that instant."""

    customers = serializers.IntegerField()
    at = serializers.DateTimeField()
