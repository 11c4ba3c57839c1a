from customers.models.archive import Client, Customer, CustomField, Phone, Region, ServiceEvent
from customers.models.contact import (
    BlacklistEntry,
    CallingWindow,
    Channel,
    Consent,
    Contact,
    ContactRule,
    DayType,
    Purpose,
)
from customers.models.imports import Import, ImportMapping, ImportRow
from customers.models.merging import DuplicatePair, Merge
from customers.models.names import NameKey, NamesToRead

__all__ = [
    "BlacklistEntry",
    "CallingWindow",
    "Channel",
    "Client",
    "Consent",
    "Contact",
    "ContactRule",
    "CustomField",
    "Customer",
    "DayType",
    "DuplicatePair",
    "Import",
    "ImportMapping",
    "ImportRow",
    "Merge",
    "NameKey",
    "NamesToRead",
    "Phone",
    "Purpose",
    "Region",
    "ServiceEvent",
]
