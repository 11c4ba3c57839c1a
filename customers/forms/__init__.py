from customers.forms.archive import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from customers.forms.blacklist import BlockForm, EntryFilter, EntryImportForm, EntryVerbForm, NewEntryForm
from customers.forms.contact import (
    ConsentForm,
    EraseForm,
    HoldForm,
    LiftForm,
    PhoneStateForm,
    PurposeForm,
    RevealForm,
)
from customers.forms.imports import EncodingForm, ImportColumnsForm, ImportFileForm, ReadingForm
from customers.forms.merging import MergeForm
from customers.forms.privacy import ProtectionFilter
from customers.forms.rulebook import TryOutForm
from customers.forms.segments import Builder, ExportForm, SegmentForm

__all__ = [
    "BlockForm",
    "Builder",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EncodingForm",
    "EntryFilter",
    "EntryImportForm",
    "EntryVerbForm",
    "EraseForm",
    "ExportForm",
    "HoldForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "LiftForm",
    "MergeForm",
    "NewCustomerForm",
    "NewEntryForm",
    "PhoneForm",
    "PhoneStateForm",
    "ProtectionFilter",
    "PurposeForm",
    "ReadingForm",
    "RevealForm",
    "SegmentForm",
    "TryOutForm",
]
