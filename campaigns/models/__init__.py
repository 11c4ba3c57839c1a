from campaigns.models.accounts import Account
from campaigns.models.attempts import AttemptRule
from campaigns.models.campaigns import Campaign, CampaignStep, Variant
from campaigns.models.capacity import CapacityPlan
from campaigns.models.dispositions import Disposition
from campaigns.models.frames import Frame
from campaigns.models.policies import Policy
from campaigns.models.quotas import QuotaLine, QuotaPlan, QuotaPlanStep
from campaigns.models.scripts import Script, ScriptVersion
from campaigns.models.skills import RequiredSkill
from campaigns.models.targets import Target

__all__ = [
    "Account",
    "AttemptRule",
    "Campaign",
    "CampaignStep",
    "CapacityPlan",
    "Disposition",
    "Frame",
    "Policy",
    "QuotaLine",
    "QuotaPlan",
    "QuotaPlanStep",
    "RequiredSkill",
    "Script",
    "ScriptVersion",
    "Target",
    "Variant",
]
