"""Dispositions and targets as workbooks (CB-4, KPI-1)."""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from campaigns.models import Campaign, Disposition, Target
from people.models import Team, User
from surveys.resources import LanguageColumn


class DispositionResource(resources.ModelResource):
    """Recognised by the code; flags are 1 and 0."""

    name_zh_hans = LanguageColumn("name", "zh-hans")
    name_zh_hant = LanguageColumn("name", "zh-hant")
    name_en = LanguageColumn("name", "en")

    class Meta:
        model = Disposition
        import_id_fields = ["code"]
        fields = [
            "code",
            "name_zh_hans",
            "name_zh_hant",
            "name_en",
            "position",
            "ring_key",
            "wrap_key",
            "attempt",
            "connected",
            "reached",
            "completed",
            "sold",
            "refused",
            "useless",
            "closes",
            "do_not_call",
            "appointment",
            "offers_channel",
            "phone_state",
            "retry",
            "retry_seconds",
            "active",
        ]
        clean_model_instances = True


class TargetResource(resources.ModelResource):
    campaign = fields.Field("campaign", "campaign", ForeignKeyWidget(Campaign, "code"))
    team = fields.Field("team", "team", ForeignKeyWidget(Team, "code"))
    agent = fields.Field("agent", "agent", ForeignKeyWidget(User, "username"))

    class Meta:
        model = Target
        fields = ["id", "metric", "campaign", "team", "agent", "valid_from", "valid_to", "value", "amber"]
        clean_model_instances = True
