from reports.queries.counts import Selection, breakdown, counts, daily
from reports.queries.kpi import Figure, figures

__all__ = ["Figure", "Selection", "breakdown", "counts", "daily", "figures"]
