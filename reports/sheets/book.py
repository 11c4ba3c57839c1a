"""The KPI workbook (KPI-9): every figure is the registry's, with numerator and denominator beside it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from callcenter.exports import watermark
from callcenter.spreadsheet.workbook import Page, Workbook
from callcenter.texts import localized
from campaigns.models import Campaign
from people.models import Team, User
from reports.queries.kpi import Board
from reports.rules.metrics import METRICS
from reports.sheets import tables
from reports.sheets.columns import KINDS, part_kind

UNDEFINED_TEXT = "—"


@dataclass
class Context:
    """What the sheets share: the book, the board, who asked, when, and the names behind ids."""

    book: Workbook
    board: Board
    requester: User | None
    reason: str
    now: datetime
    campaigns: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    agents: dict[int, str] = field(default_factory=dict)

    @property
    def days(self):
        """Every local day of the period, with or without work."""
        selection = self.board.selection
        return [
            selection.start + timedelta(days=offset)
            for offset in range((selection.end - selection.start).days + 1)
        ]


def write_kpi_book(target, *, board: Board, requester: User | None, reason: str, now: datetime) -> None:
    """Write the workbook of ``board`` to ``target`` (a path or binary file), in the active language."""
    period = f"{board.selection.start:%Y-%m-%d} – {board.selection.end:%Y-%m-%d}"
    with Workbook(
        target,
        title=f"{_('Callback KPIs')} {period}",
        author=str(requester or ""),
        created=now,
        header_text=period,
        zone=ZoneInfo(settings.TIME_ZONE),
    ) as book:
        context = Context(book, board, requester, reason, now)
        context.campaigns = dict(
            Campaign.objects.filter(pk__in=_ids(board.campaigns)).values_list("pk", "name")
        )
        context.teams = dict(Team.objects.filter(pk__in=_ids(board.teams)).values_list("pk", "name"))
        context.agents = dict(User.objects.filter(pk__in=_ids(board.agents)).values_list("pk", "full_name"))
        cover = book.page(_("Cover"), gridlines=False, one_page=True)
        pages = [
            summary(context),
            tables.daily(context),
            tables.funnel(context),
            tables.groups(context, _("Campaigns"), board.campaigns, context.campaigns, _("Campaign")),
            tables.groups(context, _("Teams"), board.teams, context.teams, _("Team")),
            tables.groups(context, _("Agents"), board.agents, context.agents, _("Agent")),
            tables.quality(context),
            tables.issues(context),
            definitions(context),
            tables.check(context),
            notes(context),
        ]
        _cover(context, cover, period, pages)


def _ids(groups):
    return [key for key in groups if key is not None]


def _cover(context, page, period, pages):
    page.write(0, 0, _("Callback KPIs"), "title")
    filters = context.board.selection
    lines = (
        (_("Period"), period),
        (_("Campaign"), context.campaigns.get(filters.campaign_id) or _("all")),
        (_("Team"), context.teams.get(filters.team_id) or _("all")),
        (_("Agent"), context.agents.get(filters.agent_id) or _("all")),
        (_("Made at"), context.now),
        (_("Time zone"), settings.TIME_ZONE),
        (_("Made for"), str(context.requester or "")),
        (_("Includes today, so still growing"), _("yes") if _is_partial(context) else _("no")),
        (_("Confidential"), _("For the people named above only.")),
        (_("Export"), watermark(by=context.requester, now=context.now, reason=context.reason)),
    )
    for row, (label, value) in enumerate(lines, start=2):
        page.write(row, 0, label, "bold")
        page.write(row, 1, value)
    for row, target in enumerate(pages, start=len(lines) + 3):
        page.link(row, 0, target, target.name)


def _is_partial(context):
    return context.board.selection.end >= context.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def summary(context) -> Page:
    """One row per metric against its target, with both parts and the interval (sheet 1)."""
    page = context.book.page(_("Summary"), gridlines=False, one_page=True)
    header = [
        _("Metric"),
        _("Value"),
        _("Target"),
        _("Gap"),
        _("Verdict"),
        _("Period before"),
        _("Change"),
        _("Numerator"),
        _("Denominator"),
        _("95 % from"),
        _("95 % to"),
    ]
    page.table(header, [], ["text"] * len(header), key_columns=1, autofilter=False)
    for row, figure in enumerate(context.board.figures, start=1):
        kind = KINDS[figure.metric.unit]
        page.write(row, 0, localized(figure.metric.name), "text")
        for column, value in (
            (1, figure.value),
            (2, figure.target),
            (3, figure.gap),
            (5, figure.previous),
            (6, figure.change),
        ):
            _number(page, row, column, value, kind)
        page.write(row, 4, figure.verdict, "text")
        page.write(row, 7, figure.numerator, part_kind(figure.metric))
        if figure.metric.denominator:
            page.write(row, 8, figure.denominator, "count")
        if figure.interval:
            page.write(row, 9, figure.interval.low, "rate")
            page.write(row, 10, figure.interval.high, "rate")
        if figure.target is not None and figure.metric.better and figure.standing.coloured:
            bound = figure.target if figure.amber is None else figure.amber
            page.traffic_lights(
                (row, row), 1, good=figure.target, near=bound, higher_is_better=figure.metric.better == "up"
            )
    return page


def _number(page, row, column, value, kind):
    """A difference of durations may be negative, which a time format cannot show: it is written as seconds."""
    if kind == "duration" and value is not None and value < 0:
        page.write(row, column, value, "number")
    else:
        page.write(row, column, value, kind)


def definitions(context) -> Page:
    """What each metric means, its parts, zero rule and unit (sheet 12)."""
    page = context.book.page(_("Definitions"))
    units = {
        "count": _("count"),
        "share": _("share"),
        "seconds": _("time"),
        "number": _("number"),
        "score": _("score 0 to 100"),
        "per10k": _("per 10,000"),
    }
    better = {"up": _("higher"), "down": _("lower"), "": UNDEFINED_TEXT}
    page.table(
        [
            _("Code"),
            _("Metric"),
            _("Formula"),
            _("Unit"),
            _("Better"),
            _("When the denominator is 0"),
            _("Source"),
        ],
        [
            [
                metric.code,
                localized(metric.name),
                localized(metric.formula),
                units[metric.unit],
                better[metric.better],
                _("undefined, shown as —") if metric.denominator else UNDEFINED_TEXT,
                metric.source,
            ]
            for metric in METRICS
        ],
        ["text"] * 7,
        key_columns=2,
    )
    return page


def notes(context) -> Page:
    """What the reader must know about the data (sheet 14)."""
    page = context.book.page(_("Notes"), gridlines=False)
    lines = [
        _("A call belongs to the local day on which it started, with its whole length."),
        _("Rates of a period are the ratio of the sums, never the mean of daily rates."),
        _(
            "Accounts are counted once per period; daily numbers of accounts therefore do not add up to the period's."
        ),
        _(
            "A rate whose denominator is 0 is undefined and shown as —; it takes no colour and meets no target."
        ),
        _("Samples below 30 take no colour: their interval is too wide for a verdict."),
        _("Corrected calls count once, in their latest version; test calls do not count."),
        _("The last three days are provisional: late calls are counted when they arrive."),
    ]
    page.write(0, 0, _("Notes on the data"), "title")
    for row, line in enumerate(lines, start=2):
        page.write(row, 0, line)
    page.width(0, 110)
    return page
