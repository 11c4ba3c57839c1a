"""The shape of issues and complaints over the API."""

from rest_framework import serializers

from callbacks.models import Task
from campaigns.models import Campaign
from complaints.models import Complaint, DepartmentAnswer, Issue, ProblemPoint
from customers.models import Customer
from people.models import Department


class IssueOutput(serializers.ModelSerializer):
    """Instants are UTC; ``level`` 4 is the department's head; ``rating`` is 1 to 5 or null."""

    class Meta:
        model = Issue
        fields = (
            "id",
            "customer",
            "campaign",
            "call",
            "team",
            "problem_point",
            "origin",
            "urgency",
            "major",
            "state",
            "department",
            "description",
            "suggestion",
            "competitor",
            "raised_by",
            "raised_at",
            "sent_at",
            "deadline",
            "breached_at",
            "answered_at",
            "solved_at",
            "level",
            "level_due_at",
            "contacts",
            "rating",
            "client_uuid",
        )
        read_only_fields = fields


class IssueInput(serializers.Serializer):
    """A reported problem; the same ``client_uuid`` again returns the same issue."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none())
    campaign = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects.none(), required=False, allow_null=True, default=None
    )
    problem_point = serializers.PrimaryKeyRelatedField(queryset=ProblemPoint.objects.filter(active=True))
    urgency = serializers.ChoiceField(choices=Issue.Urgency.choices)
    major = serializers.BooleanField(default=False)
    department = serializers.PrimaryKeyRelatedField(
        queryset=Department.objects.filter(active=True), required=False, allow_null=True, default=None
    )
    description = serializers.CharField(max_length=5000)
    suggestion = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    competitor = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    origin = serializers.ChoiceField(choices=Issue.Origin.choices, default=Issue.Origin.STAFF)
    client_uuid = serializers.UUIDField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            user = request.user
            theirs = Task.objects.visible_to(user).values("customer_id")
            visible = Customer.objects.visible_to(user) | Customer.objects.filter(pk__in=theirs)
            self.fields["customer"].queryset = visible
            self.fields["campaign"].queryset = Campaign.objects.visible_to(user)


class AnswerInput(serializers.Serializer):
    """``solved`` false: the same level owes a further answer."""

    text = serializers.CharField(max_length=5000)
    solved = serializers.BooleanField()


class AnswerOutput(serializers.ModelSerializer):
    class Meta:
        model = DepartmentAnswer
        fields = ("id", "issue", "level", "by", "text", "solved", "at")
        read_only_fields = fields


class ComplaintOutput(serializers.ModelSerializer):
    """``number`` carries the suffix of a reopening; ``founded`` is null until judged."""

    number = serializers.CharField(source="__str__")

    class Meta:
        model = Complaint
        fields = (
            "id",
            "number",
            "customer",
            "issue",
            "campaign",
            "team",
            "state",
            "channel",
            "media",
            "content",
            "demand",
            "department",
            "handler",
            "concerned_agent",
            "registered_by",
            "registered_at",
            "term",
            "deadline",
            "breached_at",
            "paused_at",
            "acknowledged_at",
            "promised_at",
            "founded",
            "judgement",
            "finding",
            "cause",
            "prevention",
            "callback_task",
            "callback_satisfied",
            "closed_at",
            "client_uuid",
        )
        read_only_fields = fields
