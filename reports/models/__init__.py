from reports.models.rollups import DailyCount, RolledDay
from reports.models.settlement import (
    CampaignScheme,
    SettlementScheme,
    Statement,
    StatementLine,
    StatementState,
    StatementStep,
    whole_clients,
)
from reports.models.wall import WallLink, link_number

__all__ = [
    "CampaignScheme",
    "DailyCount",
    "RolledDay",
    "SettlementScheme",
    "Statement",
    "StatementLine",
    "StatementState",
    "StatementStep",
    "WallLink",
    "link_number",
    "whole_clients",
]
