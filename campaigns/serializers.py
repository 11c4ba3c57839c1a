"""Campaigns as JSON."""

from rest_framework import serializers

from campaigns.models import Campaign


class CampaignOutput(serializers.ModelSerializer):
    client = serializers.CharField(source="client.code")
    teams = serializers.SerializerMethodField()
    questionnaire = serializers.StringRelatedField()
    script = serializers.StringRelatedField()

    class Meta:
        model = Campaign
        fields = [
            "id",
            "code",
            "name",
            "client",
            "kind",
            "purpose",
            "state",
            "starts_on",
            "ends_on",
            "teams",
            "questionnaire",
            "script",
            "priority",
            "max_attempts",
            "daily_target",
            "guide_seconds",
            "identity_check",
            "trial_days",
            "approved_at",
        ]

    def get_teams(self, campaign) -> list[str]:
        return [team.code for team in campaign.teams.all()]


class MoveInput(serializers.Serializer):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
