"""How numbers are made of counts (SPEC KPI-2 … KPI-7): `ratios`, handle `times` and satisfaction `scores`.

Nothing is rounded before it is shown. What cannot be divided is None, shown as a dash: neither 0 % nor 100 % (domain.md section
4, rule 7). Times are seconds. Numbers are int, Decimal or float; floats are taken at the value they print.
"""

from reports.rules.formulas.ratios import (
    UNDEFINED_TEXT,
    DataError,
    Funnel,
    Number,
    Ratio,
    distinct_by_day,
    distinct_in,
    exact,
    half_up,
    percent_text,
    ratio_of_sums,
)
from reports.rules.formulas.scores import Csat, Interval, Nps, csat, mean_interval, nps, wilson
from reports.rules.formulas.times import CallTime, Hours, aht_full, aht_standard, average_talk, long_share

__all__ = [
    "UNDEFINED_TEXT",
    "CallTime",
    "Csat",
    "DataError",
    "Funnel",
    "Hours",
    "Interval",
    "Nps",
    "Number",
    "Ratio",
    "aht_full",
    "aht_standard",
    "average_talk",
    "csat",
    "distinct_by_day",
    "distinct_in",
    "exact",
    "half_up",
    "long_share",
    "mean_interval",
    "nps",
    "percent_text",
    "ratio_of_sums",
    "wilson",
]
