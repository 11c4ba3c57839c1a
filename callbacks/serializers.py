"""The shape of tasks and calls over the API; phone numbers leave it masked (CUS-11)."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from callbacks.models import Call, Confirmation, Order, Recording, Task
from callbacks.rules.trial import CRITERIA, HEARD
from campaigns.models import Campaign, Disposition
from customers.models import Customer
from customers.rules.phones import mask
from people.models import User

LARGEST = 2**31 - 1


class TaskOutput(serializers.ModelSerializer):
    """Instants are UTC. ``token`` fences: releasing a task must name the current one."""

    team = serializers.IntegerField(source="queue.team_id")
    disposition = serializers.CharField(source="disposition.code", default=None)

    class Meta:
        model = Task
        fields = (
            "id",
            "campaign",
            "customer",
            "team",
            "kind",
            "channel",
            "reason",
            "state",
            "priority",
            "due_at",
            "deadline",
            "appointment",
            "agreed_at",
            "agent",
            "reserved_for",
            "token",
            "lease_until",
            "attempts",
            "hold",
            "blocked_by",
            "disposition",
            "closed_at",
            "created_at",
        )
        read_only_fields = fields


class ReleaseInput(serializers.Serializer):
    """Giving back a claimed task."""

    token = serializers.IntegerField(min_value=0, max_value=LARGEST)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class RecordingOutput(serializers.ModelSerializer):
    """What is kept of a recording; it is played in the page of its call."""

    class Meta:
        model = Recording
        fields = ("call", "state", "kind", "size", "seconds", "sha256", "stored_at")
        read_only_fields = fields


class MatchedOutput(serializers.Serializer):
    """The record is about a dial an agent has in hand; the call she saves will carry it."""

    task = serializers.IntegerField()


class CallOutput(serializers.ModelSerializer):
    """Durations are seconds; ``local_day`` is the site's day on which the call started."""

    number = serializers.SerializerMethodField()
    disposition = serializers.CharField(source="disposition.code")
    recording = serializers.SerializerMethodField()

    class Meta:
        model = Call
        fields = (
            "id",
            "task",
            "campaign",
            "customer",
            "team",
            "agent",
            "number",
            "line",
            "started_at",
            "answered_at",
            "ended_at",
            "local_day",
            "prep_seconds",
            "ring_seconds",
            "talk_seconds",
            "hold_seconds",
            "wrap_seconds",
            "attempts",
            "disposition",
            "note",
            "hung_up_by",
            "recording",
            "source",
            "external_id",
            "superseded",
            "corrects",
            "test",
        )
        read_only_fields = fields

    def get_number(self, call) -> str:
        return mask(call.number) if call.number else ""

    def get_recording(self, call) -> str:
        """Its state, or nothing."""
        return call.recording.state if hasattr(call, "recording") else ""


class RecordingInput(serializers.Serializer):
    """A sound file; what it is is read from its content, never from its name."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)


class CallInput(serializers.Serializer):
    """A call recorded by a telephone system; the same ``external_id`` again returns the same call.

    ``campaign`` and ``disposition`` are codes, ``customer`` is the customer number of the campaign's client, ``agent`` a
    user name. ``answered_at`` is empty when nobody answered. ``recording`` is the name under which the telephone system keeps
    the sound, where it is not ``external_id``.
    """

    external_id = serializers.CharField(max_length=80)
    campaign = serializers.SlugRelatedField("code", queryset=Campaign.objects.none())
    customer = serializers.CharField(max_length=60)
    disposition = serializers.SlugRelatedField(
        "code", queryset=Disposition.objects.filter(active=True).order_by("id")
    )
    started_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ended_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    agent = serializers.SlugRelatedField(
        "username",
        queryset=User.objects.filter(is_active=True).order_by("id"),
        required=False,
        allow_null=True,
        default=None,
    )
    number = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    line = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    hung_up_by = serializers.ChoiceField(Call.HungUp.choices, required=False, allow_blank=True, default="")
    prep_seconds = serializers.DecimalField(8, 3, min_value=0, required=False, default=0)
    hold_seconds = serializers.DecimalField(8, 3, min_value=0, required=False, default=0)
    wrap_seconds = serializers.DecimalField(8, 3, min_value=0, required=False, default=0)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    recording = serializers.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,119}\Z", max_length=120, required=False, allow_blank=True, default=""
    )
    amount = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True, default=None)
    test = serializers.BooleanField(required=False, default=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            user = request.user
            self.fields["campaign"].queryset = Campaign.objects.visible_to(user).order_by("id")
            self.fields["agent"].queryset = (
                User.objects.visible_to(user).filter(is_active=True).order_by("id")
            )

    def _customers(self):
        """Customers in the caller's scope: the numbers of others cannot be tried out here."""
        request = self.context.get("request")
        return Customer.objects.visible_to(request.user) if request else Customer.objects.all()

    def validate(self, data):
        """The customer is found by the number of the campaign's client."""
        found = (
            self._customers().filter(client=data["campaign"].client_id, external_id=data["customer"]).first()
        )
        if found is None:
            message = _("No customer of the campaign’s client has this number. Import the customer first.")
            raise serializers.ValidationError({"customer": [message]})
        return data | {"customer": found}


class ConfirmationOutput(serializers.ModelSerializer):
    """One question: when, the answer, the criteria that were met, and the ids of its evidence."""

    criteria = serializers.SerializerMethodField()

    class Meta:
        model = Confirmation
        fields = (
            "id",
            "sequence",
            "place",
            "state",
            "due_at",
            "deadline",
            "task",
            "message",
            "answer",
            "way",
            "accepted",
            "criteria",
            "call",
            "reply",
            "answered_at",
        )
        read_only_fields = fields

    def get_criteria(self, question) -> list[str]:
        return [name for name in CRITERIA if getattr(question, name)]


class TrialOutput(serializers.ModelSerializer):
    """An order with a trial. Billing starts on ``billed_on``; the evidence of both confirmations is named by its ids."""

    customer = serializers.IntegerField(source="account.customer_id")

    class Meta:
        model = Order
        fields = (
            "id",
            "campaign",
            "customer",
            "agent",
            "state",
            "amount",
            "sold_on",
            "trial_days",
            "trial_ends_on",
            "extensions",
            "told_at",
            "first_at",
            "first_call",
            "first_message",
            "second_at",
            "second_call",
            "second_message",
            "billed_on",
        )
        read_only_fields = fields


class TrialDetailOutput(TrialOutput):
    """The same with every question that was asked, and what the caller may do now."""

    confirmations = serializers.SerializerMethodField()
    verbs = serializers.SerializerMethodField()

    class Meta(TrialOutput.Meta):
        fields = (*TrialOutput.Meta.fields, "confirmations", "verbs")
        read_only_fields = fields

    @extend_schema_field(ConfirmationOutput(many=True))
    def get_confirmations(self, order) -> list:
        return ConfirmationOutput(self.context["trial"].questions, many=True).data

    def get_verbs(self, order) -> list[str]:
        return self.context["trial"].verbs


class TrialVerbInput(serializers.Serializer):
    """What a verb needs: ``note`` for extend, cancel and void; ``answer``, ``criteria`` and ``call`` or ``reply`` for answer;
    ``text``, the number of an approved text, for message."""

    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    answer = serializers.ChoiceField(sorted(HEARD), required=False)
    criteria = serializers.MultipleChoiceField(choices=CRITERIA, required=False)
    call = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    reply = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    text = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def as_form(self) -> dict:
        """The same as the form of the page wants it."""
        data = dict(self.validated_data)
        data["evidence"] = next((f"{name}:{data[name]}" for name in ("call", "reply") if name in data), "")
        return data


class CallImportInput(serializers.Serializer):
    """A file of calls for a campaign; ``mapping`` as in ``callbacks/mappings``."""

    campaign = serializers.SlugRelatedField("code", queryset=Campaign.objects.none())
    file = serializers.FileField()
    mapping = serializers.JSONField(required=False, allow_null=True, default=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["campaign"].queryset = Campaign.objects.visible_to(request.user).order_by("id")

    def validate_mapping(self, mapping):
        if mapping is not None and not isinstance(mapping, dict):
            raise serializers.ValidationError(_("A mapping is a JSON object."))
        return mapping


class JobOutput(serializers.Serializer):
    """Where a long job can be watched."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, job) -> str:
        return f"/jobs/{job.pk}/"
