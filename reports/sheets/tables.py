"""The tables of the KPI workbook: days, funnel, groups, quality, issues, and the check of all of them."""

from django.utils.translation import gettext as _

from callcenter.spreadsheet.workbook import Page, Series
from callcenter.texts import localized
from reports.rules.metrics import BY_CODE, METRICS
from reports.sheets.columns import headers, kinds, place, values

DAILY = ("dials", "completed_accounts", "connect_rate", "completed_rate", "talk_time", "long_share")
BY_GROUP = (
    "calls",
    "dials",
    "connect_rate",
    "reachable_accounts",
    "completed_accounts",
    "completed_rate",
    "hit_rate",
    "talk_time",
    "handle_time",
    "long_share",
)
QUALITY = ("quality_score", "fatal_rate", "pass_rate", "review_completion")
FUNNEL = (
    ("accounts", "account_size"),
    ("accounts_valid", None),
    ("accounts_called", "accounts_called"),
    ("accounts_reached", "reachable_accounts"),
    ("accounts_completed", "completed_accounts"),
    ("accounts_sold", "sold_accounts"),
)
TARGETED = ("completed_rate", "connect_rate")


def daily(context) -> Page:
    """One row per local day, worked or not, and two charts (sheet 2)."""
    page = context.book.page(_("Daily"))
    days = context.board.days
    empty = {"dials": 0, "calls": 0, "accounts_completed": 0, "connected": 0, "completed": 0}
    area = page.table(
        [_("Day"), *headers(DAILY)],
        [[day, *values(DAILY, days.get(day, empty))] for day in context.days],
        ["date", *kinds(DAILY)],
        key_columns=1,
    )

    def line(code):
        return Series(localized(BY_CODE[code].name), area.column(1 + place(DAILY, code)), area.column(0))

    below = area.last_row + 2
    page.chart(
        "column",
        title=_("Dials and completed accounts per day"),
        x_name=_("Day"),
        y_name=_("count"),
        series=[line("dials"), line("completed_accounts")],
        row=below,
        column=0,
        dates=True,
    )
    page.chart(
        "line",
        title=_("Connect rate and completed rate per day"),
        x_name=_("Day"),
        y_name=_("share"),
        series=[line("connect_rate"), line("completed_rate")],
        row=below,
        column=8,
        dates=True,
        number_format="0%",
    )
    return page


def funnel(context) -> Page:
    """From the list to the sale, and a bar chart (sheet 5)."""
    page = context.book.page(_("Funnel"))
    rows = []
    for count, code in FUNNEL:
        name = localized(BY_CODE[code].name) if code else _("Valid accounts")
        rows.append([name, context.board.counts.get(count)])
    area = page.table([_("Step"), _("Accounts")], rows, ["text", "count"], key_columns=1)
    page.chart(
        "bar",
        title=_("Funnel"),
        x_name=_("Step"),
        y_name=_("Accounts"),
        series=[Series(_("Accounts"), area.column(1), area.column(0))],
        row=area.last_row + 2,
        column=0,
    )
    return page


def groups(context, title, found, names, label) -> Page:
    """One row per campaign, team or agent; quality columns too where there are reviews (sheets 3 and 4)."""
    page = context.book.page(title)
    codes = (*BY_GROUP, *QUALITY[:2])
    ordered = sorted(found.items(), key=lambda entry: (entry[0] is None, names.get(entry[0], "")))
    area = page.table(
        [label, *headers(codes)],
        [[names.get(key) or _("not assigned"), *values(codes, counts)] for key, counts in ordered],
        ["text", *kinds(codes)],
        key_columns=1,
    )
    targets = {figure.metric.code: figure for figure in context.board.figures if figure.target is not None}
    for code in (*TARGETED, "quality_score"):
        if ordered and code in targets:
            figure, column = targets[code], 1 + place(codes, code)
            page.traffic_lights(
                (area.first_row, area.last_row),
                column,
                good=figure.target,
                near=figure.target if figure.amber is None else figure.amber,
                higher_is_better=figure.metric.better == "up",
                count_column=column + 2,
            )
    return page


def quality(context) -> Page:
    """Sampled, reviewed, fatal and passed per agent (sheet 6)."""
    page = context.book.page(_("Quality"))
    found = {key: counts for key, counts in context.board.agents.items() if counts.get("sampled")}
    ordered = sorted(found.items(), key=lambda entry: context.agents.get(entry[0], ""))
    area = page.table(
        [_("Agent"), _("Sampled"), _("Reviewed"), *headers(QUALITY)],
        [
            [
                context.agents.get(key, _("not assigned")),
                counts["sampled"],
                counts["reviewed"],
                *values(QUALITY, counts),
            ]
            for key, counts in ordered
        ],
        ["text", "count", "count", *kinds(QUALITY)],
        key_columns=1,
    )
    if ordered:
        page.chart(
            "column",
            title=_("Mean QA score per agent"),
            x_name=_("Agent"),
            y_name=_("score 0 to 100"),
            series=[Series(localized(BY_CODE["quality_score"].name), area.column(3), area.column(0))],
            row=area.last_row + 2,
            column=0,
        )
    return page


def issues(context) -> Page:
    """Issues, second contacts and complaints of the period (sheet 7)."""
    page = context.book.page(_("Issues"))
    wanted = [metric for metric in METRICS if metric.group == "issues"]
    counts = context.board.counts
    for row, cells in enumerate(
        [[_("Metric"), _("Value"), _("Numerator"), _("Denominator")]]
        + [[localized(m.name), m.value(counts), *m.parts(counts)] for m in wanted]
    ):
        kind = "header" if row == 0 else None
        unit = (
            None
            if row == 0
            else {"share": "rate", "count": "count", "per10k": "number"}[wanted[row - 1].unit]
        )
        for column, value in enumerate(cells):
            if row and column == 3 and not wanted[row - 1].denominator:
                continue
            page.write(row, column, value, kind or ("text", unit, "count", "count")[column])
    page.sheet.freeze_panes(1, 1)
    return page


def check(context) -> Page:
    """Live formulas that recompute the summary's quotients; the first cell says whether all agree (sheet 13)."""
    page = context.book.page(_("Check"))
    page.table(
        [_("Metric"), _("Stored value"), _("Recomputed"), _("Difference")],
        [],
        ["text"] * 4,
        row=2,
        key_columns=1,
        autofilter=False,
    )
    row = 3
    for figure in context.board.figures:
        if figure.value is None or not figure.metric.denominator:
            continue
        page.write(row, 0, localized(figure.metric.name), "text")
        page.write(row, 1, figure.value, "number")
        scale = figure.metric.scale
        formula = f"={float(figure.numerator)!r}*{scale}/{float(figure.denominator)!r}"
        page.formula(row, 2, formula, float(figure.value), "number")
        page.formula(row, 3, f"=B{row + 1}-C{row + 1}", 0, "number")
        row += 1
    ok, different = _("all agree"), _("there are differences")
    spread = f"SUMPRODUCT(ABS(D4:D{max(row, 4)}))"
    page.formula(0, 0, f'=IF({spread}<0.000001,"{ok}","{different}")', ok)
    return page
