"""The shape of messages over the API."""

from rest_framework import serializers

from customers.models import Customer
from messaging.models import Message, Template
from messaging.rules.showing import masked_address, without_tokens


class MessageOutput(serializers.ModelSerializer):
    """Instants are UTC. ``recipient`` is masked; ``blocked_by`` holds codes of contact rules and of problems."""

    key = serializers.SerializerMethodField()
    template = serializers.CharField(source="version.template.code")
    recipient = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = (
            "id",
            "key",
            "customer",
            "template",
            "channel",
            "purpose",
            "campaign_code",
            "language",
            "recipient",
            "subject",
            "body",
            "segments",
            "state",
            "attempts",
            "next_at",
            "expires_at",
            "blocked_by",
            "error",
            "created_at",
            "sent_at",
            "delivered_at",
        )
        read_only_fields = fields

    def get_key(self, message) -> str:
        """The client's own key of a message that came by the API; else ours."""
        return message.key.split(":", 2)[2] if message.key.startswith("api:") else message.key

    def get_recipient(self, message) -> str:
        return masked_address(message.recipient)

    def get_body(self, message) -> str:
        return without_tokens(message.body)


class MessageInput(serializers.Serializer):
    """One message; the same ``key`` of the same user again returns the same message."""

    key = serializers.RegexField(r"^[A-Za-z0-9._-]+$", max_length=80)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none())
    template = serializers.SlugRelatedField(slug_field="code", queryset=Template.objects.none())
    campaign_code = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    not_before = serializers.DateTimeField(required=False, allow_null=True, default=None)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["customer"].queryset = Customer.objects.visible_to(request.user).select_related(
                "client"
            )
            self.fields["template"].queryset = Template.objects.visible_to(request.user)


class HookInput(serializers.Serializer):
    """What a provider posts: a receipt with ``id`` (the number it gave the message) and ``state``, or a reply with ``from`` and
    ``text``.
    """

    type = serializers.ChoiceField(choices=["receipt", "reply"])
    id = serializers.CharField(max_length=120, required=False, default="")
    state = serializers.CharField(max_length=40, required=False, default="")
    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    answers = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")

    def get_fields(self):
        sender = serializers.CharField(max_length=320, required=False, default="")
        return super().get_fields() | {"from": sender}

    def validate(self, values):
        if values["type"] == "receipt" and not (values["id"] and values["state"]):
            raise serializers.ValidationError({"id": ["missing"]})
        if values["type"] == "reply" and not values["from"]:
            raise serializers.ValidationError({"from": ["missing"]})
        return values
