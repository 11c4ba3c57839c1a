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
from customers.forms.segments import Builder, ExportForm, SegmentForm

__all__ = [
    "BlockForm",
    "Builder",
    "ConsentForm",
    "CustomerFilter",
    "CustomerForm",
    "EraseForm",
    "ExportForm",
    "ImportColumnsForm",
    "ImportFileForm",
    "NewCustomerForm",
    "PhoneForm",
    "PhoneStateForm",
    "PurposeForm",
    "RevealForm",
    "SegmentForm",
    "UnblockForm",
]
