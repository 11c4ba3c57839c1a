from reports.forms.floor import CorrectionForm, MessageForm, WallLinkForm
from reports.forms.selection import SelectionForm
from reports.forms.settlement import CampaignSchemeForm, SchemeForm, StatementForm

__all__ = [
    "CampaignSchemeForm",
    "CorrectionForm",
    "MessageForm",
    "SchemeForm",
    "SelectionForm",
    "StatementForm",
    "WallLinkForm",
]
