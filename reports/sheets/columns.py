"""A metric as columns: its value, and the numerator and denominator beside every quotient."""

from django.utils.translation import gettext as _

from callcenter.texts import localized
from reports.rules.metrics import BY_CODE, Metric

KINDS = {
    "count": "count",
    "share": "rate",
    "seconds": "duration",
    "number": "number",
    "score": "number",
    "per10k": "number",
}


def part_kind(metric: Metric) -> str:
    """The format of a metric's numerator: seconds stay a plain number, so that the division can be checked."""
    return "count" if metric.unit in ("count", "share", "per10k") else "number"


def headers(codes) -> list[str]:
    """The column titles of the metrics named by ``codes``."""
    titles = []
    for metric in map(BY_CODE.get, codes):
        name = localized(metric.name)
        titles.append(name)
        if metric.denominator:
            titles += [
                _("%(metric)s: numerator") % {"metric": name},
                _("%(metric)s: denominator") % {"metric": name},
            ]
    return titles


def kinds(codes) -> list[str]:
    """The formats of the same columns."""
    found = []
    for metric in map(BY_CODE.get, codes):
        found.append(KINDS[metric.unit])
        if metric.denominator:
            found += [part_kind(metric), "count"]
    return found


def values(codes, counts) -> list:
    """The cells of one row: value, numerator, denominator of each metric over ``counts``."""
    cells = []
    for metric in map(BY_CODE.get, codes):
        cells.append(metric.value(counts))
        if metric.denominator:
            cells += list(metric.parts(counts))
    return cells


def place(codes, wanted) -> int:
    """The position of metric ``wanted`` among the columns of ``codes``."""
    position = 0
    for code in codes:
        if code == wanted:
            return position
        position += 3 if BY_CODE[code].denominator else 1
    raise KeyError(wanted)
