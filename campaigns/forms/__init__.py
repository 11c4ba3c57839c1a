"""What people type about campaigns, policies, scripts and targets."""

from campaigns.forms.attempts import AttemptRulesForm
from campaigns.forms.campaigns import CampaignFilter, CampaignForm, CopyForm, NoteForm
from campaigns.forms.capacity import CapacityForm
from campaigns.forms.policies import PolicyForm, event_kinds, preset_values, presets
from campaigns.forms.quotas import DatedQuotaPlanForm, QuotaLineForm, QuotaPlanForm
from campaigns.forms.scripts import EvidenceForm, OutlineForm, ScriptForm
from campaigns.forms.segments import offer_segments
from campaigns.forms.skills import RequiredSkillsForm
from campaigns.forms.targets import TargetForm
from campaigns.forms.variants import VariantsForm

__all__ = [
    "AttemptRulesForm",
    "CampaignFilter",
    "CampaignForm",
    "CapacityForm",
    "CopyForm",
    "DatedQuotaPlanForm",
    "EvidenceForm",
    "NoteForm",
    "OutlineForm",
    "PolicyForm",
    "QuotaLineForm",
    "QuotaPlanForm",
    "RequiredSkillsForm",
    "ScriptForm",
    "TargetForm",
    "VariantsForm",
    "event_kinds",
    "offer_segments",
    "preset_values",
    "presets",
]
