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
from customers.forms.imports import EncodingForm, ImportColumnsForm, ImportFileForm, ReadingForm

__all__ = [
    "BlockForm",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EncodingForm",
    "EraseForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "NewCustomerForm",
    "PhoneForm",
    "PhoneStateForm",
    "PurposeForm",
    "ReadingForm",
    "RevealForm",
    "UnblockForm",
]
