"""What the KPI page shows of a board: cards, funnel, trend, tables; plain values ready for template and charts."""

from datetime import timedelta

from django.utils.translation import gettext as _

from callcenter.texts import localized
from campaigns.models import Campaign
from people.models import Team, User
from reports.rules.metrics import BY_CODE

CARDS = (
    "completed_accounts",
    "connect_rate",
    "reachable_rate",
    "completed_rate",
    "talk_time",
    "hit_rate",
    "satisfied_share",
    "quality_score",
)
FUNNEL = (
    ("accounts", "account_size"),
    ("accounts_valid", ""),
    ("accounts_called", "accounts_called"),
    ("accounts_reached", "reachable_accounts"),
    ("accounts_completed", "completed_accounts"),
    ("accounts_sold", "sold_accounts"),
)
COLUMNS = (
    "calls",
    "dials",
    "connect_rate",
    "completed_accounts",
    "completed_rate",
    "hit_rate",
    "talk_time",
    "handle_time",
    "quality_score",
)


DAY_COLUMNS = ("dials", "completed_accounts", "connect_rate", "completed_rate")
# A longer list of days is in the workbook; the page stays a page.
DAYS_SHOWN = 92


def kpi_page(board, today) -> dict:
    """The template's context; names of campaigns, teams and agents take one query each."""
    by_code = {figure.metric.code: figure for figure in board.figures}
    names = {
        "campaigns": dict(Campaign.objects.filter(pk__in=_ids(board.campaigns)).values_list("pk", "name")),
        "teams": dict(Team.objects.filter(pk__in=_ids(board.teams)).values_list("pk", "name")),
        "agents": dict(User.objects.filter(pk__in=_ids(board.agents)).values_list("pk", "full_name")),
    }
    return {
        "board": board,
        "selection": board.selection,
        "partial": board.selection.end >= today,
        "cards": [by_code[code] for code in CARDS],
        "figures": board.figures,
        "funnel": _funnel(board.counts),
        "trend": _trend(board),
        "days": _days(board),
        "day_columns": [BY_CODE[code] for code in DAY_COLUMNS],
        "columns": [BY_CODE[code] for code in COLUMNS],
        "groups": [
            {
                "title": _("Campaigns"),
                "parameter": "campaign",
                "rows": _rows(board.campaigns, names["campaigns"]),
            },
            {"title": _("Teams"), "parameter": "team", "rows": _rows(board.teams, names["teams"])},
            {"title": _("Agents"), "parameter": "agent", "rows": _rows(board.agents, names["agents"])},
        ],
    }


def _ids(groups):
    return [key for key in groups if key is not None]


def _funnel(counts):
    first = counts.get("accounts") or counts.get("accounts_called") or 0
    steps = []
    for key, code in FUNNEL:
        value = counts.get(key)
        if value is not None:
            name = localized(BY_CODE[code].name) if code else _("Valid accounts")
            steps.append({"name": name, "value": value, "share": value / first if first else None})
    return steps


def _trend(board):
    selection = board.selection
    days = [selection.start + timedelta(days=n) for n in range((selection.end - selection.start).days + 1)]
    rows = [board.days.get(day, {}) for day in days]

    def rates(code):
        metric = BY_CODE[code]
        return [
            None if (value := metric.value(row)) is None else round(float(value) * 100, 1) for row in rows
        ]

    return {
        "days": [day.isoformat() for day in days],
        "dials": [int(row.get("dials", 0)) for row in rows],
        "completed": [int(row.get("accounts_completed", 0)) for row in rows],
        "connect_rate": rates("connect_rate"),
        "completed_rate": rates("completed_rate"),
        "labels": {
            "dials": localized(BY_CODE["dials"].name),
            "completed": localized(BY_CODE["completed_accounts"].name),
            "connect_rate": f"{localized(BY_CODE['connect_rate'].name)} %",
            "completed_rate": f"{localized(BY_CODE['completed_rate'].name)} %",
        },
    }


def _days(board):
    """The newest days that have something to show, newest first, for the table beside the chart."""
    days = [day for day in sorted(board.days, reverse=True) if any(board.days[day].values())]
    return [{"day": day, "cells": _cells(board.days[day], DAY_COLUMNS)} for day in days[:DAYS_SHOWN]]


def _rows(groups, names):
    rows = [
        {"key": key, "name": names.get(key) or _("not assigned"), "cells": _cells(counts, COLUMNS)}
        for key, counts in groups.items()
    ]
    return sorted(rows, key=lambda row: row["name"])


def _cells(counts, codes):
    return [
        {
            "unit": metric.unit,
            "value": metric.value(counts),
            "numerator": counts.get(metric.numerator),
            "denominator": counts.get(metric.denominator) if metric.denominator else None,
        }
        for metric in (BY_CODE[code] for code in codes)
    ]
