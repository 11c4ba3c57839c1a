from customers.forms.archive import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from customers.forms.blacklist import BlockForm, EntryFilter, EntryImportForm, EntryVerbForm, NewEntryForm
from customers.forms.contact import (
    ConsentForm,
    EraseForm,
    PhoneStateForm,
    PurposeForm,
    RevealForm,
)
from customers.forms.imports import ImportColumnsForm, ImportFileForm
from customers.forms.rulebook import TryOutForm

__all__ = [
    "BlockForm",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EntryFilter",
    "EntryImportForm",
    "EntryVerbForm",
    "EraseForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "NewCustomerForm",
    "NewEntryForm",
    "PhoneForm",
    "PhoneStateForm",
    "PurposeForm",
    "RevealForm",
    "TryOutForm",
]
