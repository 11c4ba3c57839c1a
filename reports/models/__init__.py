from reports.models.rollups import DailyCount, RolledDay
from reports.models.wall import WallLink, link_number

__all__ = ["DailyCount", "RolledDay", "WallLink", "link_number"]
