from reports.forms.floor import CorrectionForm, MessageForm, WallLinkForm
from reports.forms.selection import SelectionForm
from reports.forms.settlement import CampaignSchemeForm, SchemeForm, SignForm, StatementForm

__all__ = [
    "CampaignSchemeForm",
    "CorrectionForm",
    "MessageForm",
    "SchemeForm",
    "SignForm",
    "SelectionForm",
    "StatementForm",
    "WallLinkForm",
]
