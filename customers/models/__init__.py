from customers.models.archive import Client, Customer, Phone, Region, ServiceEvent
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
from customers.models.segments import SEGMENT_ROLES, Segment, SegmentCount

__all__ = [
    "SEGMENT_ROLES",
    "BlacklistEntry",
    "CallingWindow",
    "Channel",
    "Client",
    "Consent",
    "Contact",
    "ContactRule",
    "Customer",
    "DayType",
    "Import",
    "ImportMapping",
    "ImportRow",
    "Phone",
    "Purpose",
    "Region",
    "Segment",
    "SegmentCount",
    "ServiceEvent",
]
