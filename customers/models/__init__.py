from customers.models.archive import Client, Customer, CustomField, Phone, Region, ServiceEvent
from customers.models.blacklist import BlacklistEntry, BlacklistStep
from customers.models.contact import (
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
from customers.models.privacy import LegalHold, Retention, held
from customers.models.segments import SEGMENT_ROLES, Segment, SegmentCount

__all__ = [
    "SEGMENT_ROLES",
    "BlacklistEntry",
    "BlacklistStep",
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
    "LegalHold",
    "Merge",
    "NameKey",
    "NamesToRead",
    "Phone",
    "Purpose",
    "Region",
    "Retention",
    "Segment",
    "SegmentCount",
    "ServiceEvent",
    "held",
]
