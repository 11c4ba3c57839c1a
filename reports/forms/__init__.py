from reports.forms.floor import CorrectionForm, MessageForm, WallLinkForm
from reports.forms.selection import SelectionForm

__all__ = ["CorrectionForm", "MessageForm", "SelectionForm", "WallLinkForm"]
