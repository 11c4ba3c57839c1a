from customers.forms.archive import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from customers.forms.contact import (
    BlockForm,
    ConsentForm,
    EraseForm,
    PhoneStateForm,
    PurposeForm,
    RevealForm,
    UnblockForm,
)
from customers.forms.imports import ImportColumnsForm, ImportFileForm
from customers.forms.merging import MergeForm

__all__ = [
    "BlockForm",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EraseForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "MergeForm",
    "NewCustomerForm",
    "PhoneForm",
    "PhoneStateForm",
    "PurposeForm",
    "RevealForm",
    "UnblockForm",
]
