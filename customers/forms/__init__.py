from customers.forms.archive import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from customers.forms.contact import (
    BlockForm,
    ConsentForm,
    EraseForm,
    HoldForm,
    LiftForm,
    PhoneStateForm,
    PurposeForm,
    RevealForm,
    UnblockForm,
)
from customers.forms.imports import ImportColumnsForm, ImportFileForm
from customers.forms.privacy import ProtectionFilter

__all__ = [
    "BlockForm",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EraseForm",
    "HoldForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "LiftForm",
    "NewCustomerForm",
    "PhoneForm",
    "PhoneStateForm",
    "ProtectionFilter",
    "PurposeForm",
    "RevealForm",
    "UnblockForm",
]
