from reports.models.rollups import DailyCount, RolledDay

__all__ = ["DailyCount", "RolledDay"]
