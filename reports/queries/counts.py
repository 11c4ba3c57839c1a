"""The named counts behind every metric, for a selection and within a person's scope (KPI-2 … KPI-7).

Sums come from the daily rollups; distinct counts of accounts are made anew for the period, never added up from days
(domain.md section 4, rule 6). Every function takes the user whose scope limits it.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Max, Q, Sum, When

from callbacks.models import Call, Order
from callbacks.states import OrderState
from callcenter.workdays import day_bounds
from campaigns.models import Account, Campaign
from complaints.models import Complaint, Issue, SecondContact
from qa.models import Review
from qa.states import ReviewState
from reports.models import DailyCount
from surveys.models import Answer, Question

SUMS = (
    "calls",
    "dials",
    "connected",
    "reached",
    "completed",
    "refused",
    "sold",
    "prep_seconds",
    "ring_seconds",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "connected_handle_seconds",
    "completed_talk_seconds",
    "completed_long",
)
GROUPS = {"campaign": "campaign_id", "team": "team_id", "agent": "agent_id", "day": "local_day"}


@dataclass(frozen=True)
class Selection:
    """What is looked at: local days ``start`` … ``end`` inclusive, and optionally one campaign, team or agent."""

    start: date
    end: date
    campaign_id: int | None = None
    team_id: int | None = None
    agent_id: int | None = None

    def rows(self, day="local_day", campaign="campaign_id", team="team_id", agent="agent_id") -> Q:
        """The condition on a model whose columns have these names."""
        wanted = Q(**{f"{day}__gte": self.start, f"{day}__lte": self.end})
        for column, value in ((campaign, self.campaign_id), (team, self.team_id), (agent, self.agent_id)):
            if value is not None and column:
                wanted &= Q(**{column: value})
        return wanted

    def previous(self):
        """The period of the same length just before."""
        length = self.end - self.start
        end = date.fromordinal(self.start.toordinal() - 1)
        return replace(self, start=end - length, end=end)


def counts(user, selection) -> dict:
    """Every named count of the selection; None for those it cannot have (account size of one agent)."""
    return (
        _sums(user, selection)
        | _account_size(user, selection)
        | _accounts(user, selection)
        | _quality(user, selection)
        | _issues(user, selection)
        | _satisfaction(user, selection)
    )


def daily(user, selection) -> dict[date, dict]:
    """Sums and distinct counts per local day of the selection; days without work are absent."""
    by_day = DailyCount.objects.visible_to(user).filter(selection.rows(day="day"))
    sums = {
        row.pop("day"): _with_handle(row)
        for row in by_day.values("day").annotate(**_sum_columns()).order_by("day")
    }
    return _joined(sums, _distinct(user, selection, "local_day"))


def breakdown(user, selection, by) -> dict[int | None, dict]:
    """Sums and distinct counts per ``campaign``, ``team`` or ``agent`` id."""
    column = GROUPS[by]
    rows = DailyCount.objects.visible_to(user).filter(selection.rows(day="day"))
    sums = {
        row.pop(column): _with_handle(row)
        for row in rows.values(column).annotate(**_sum_columns()).order_by(column)
    }
    found = _joined(sums, _distinct(user, selection, column))
    return _joined(found, _quality_by(user, selection, by))


def _joined(left, right):
    return {
        key: left.get(key, {}) | right.get(key, {}) for key in [*left, *(k for k in right if k not in left)]
    }


def _sum_columns():
    return {f"sum_{name}": Sum(name, default=0) for name in SUMS}


def _with_handle(row):
    row = {name.removeprefix("sum_"): value for name, value in row.items()}
    row["handle_seconds"] = sum(row[f"{part}_seconds"] for part in ("prep", "talk", "hold", "wrap"))
    return row


def _sums(user, selection):
    rows = DailyCount.objects.visible_to(user).filter(selection.rows(day="day"))
    return _with_handle(rows.aggregate(**_sum_columns()))


def _account_size(user, selection):
    """Account size as of the end of the period, without what was given back unused; an agent has none of their own."""
    if selection.agent_id is not None:
        return {"accounts": None, "accounts_useless": None, "accounts_valid": None}
    rows = Account.objects.filter(
        user.scope().rows(team="team", client="campaign__client"),
        Q(reclaimed_on=None) | Q(reclaimed_on__gt=selection.end),
        loaded_on__lte=selection.end,
        campaign__in=Campaign.objects.visible_to(user),
    )
    if selection.campaign_id is not None:
        rows = rows.filter(campaign_id=selection.campaign_id)
    if selection.team_id is not None:
        rows = rows.filter(team_id=selection.team_id)
    found = rows.aggregate(accounts=Count("pk"), useless=Count("pk", filter=Q(useless_on__lte=selection.end)))
    return {
        "accounts": found["accounts"],
        "accounts_useless": found["useless"],
        "accounts_valid": found["accounts"] - found["useless"],
    }


def _calls(user, selection):
    return Call.objects.counted().visible_to(user).filter(selection.rows())


def _ever(flag):
    return Max(Case(When(**{f"disposition__{flag}": True}, then=1), default=0, output_field=IntegerField()))


def _accounts(user, selection):
    """Distinct accounts of the period, and the attempts spent on those that were not reached (P3)."""
    per_account = (
        _calls(user, selection)
        .order_by()
        .values("account_id")
        .annotate(
            tried=Sum("attempts", filter=Q(disposition__attempt=True), default=0),
            was_connected=_ever("connected"),
            was_reached=_ever("reached"),
            was_completed=_ever("completed"),
            was_refused=_ever("refused"),
            was_sold=_ever("sold"),
        )
    )
    unreached = Q(was_reached=0, tried__gt=0)
    return per_account.aggregate(
        accounts_called=Count("account_id", filter=Q(tried__gt=0)),
        accounts_connected=Sum("was_connected", default=0),
        accounts_reached=Sum("was_reached", default=0),
        accounts_completed=Sum("was_completed", default=0),
        accounts_refused=Sum("was_refused", default=0),
        accounts_sold=Sum("was_sold", default=0),
        accounts_unreached=Count("account_id", filter=unreached),
        dials_unreached=Sum("tried", filter=unreached, default=0),
    )


def _distinct(user, selection, column):
    """Distinct accounts per value of ``column``."""
    flags = ("connected", "reached", "completed", "refused", "sold")
    rows = (
        _calls(user, selection)
        .order_by()
        .values(column)
        .annotate(
            accounts_called=Count("account_id", filter=Q(disposition__attempt=True), distinct=True),
            **{
                f"accounts_{flag}": Count(
                    "account_id", filter=Q(**{f"disposition__{flag}": True}), distinct=True
                )
                for flag in flags
            },
        )
    )
    return {row.pop(column): row for row in rows}


def _reviews(user, selection):
    return Review.objects.visible_to(user).filter(
        selection.rows(day="call__local_day", campaign="call__campaign_id")
    )


def _review_counts():
    done = ~Q(state__in=[ReviewState.DRAWN, ReviewState.IN_REVIEW])
    return {
        "n_sampled": Count("pk"),
        "n_reviewed": Count("pk", filter=done),
        "n_fatal": Count("pk", filter=Q(fatal=True)),
        "n_passed": Count("pk", filter=Q(passed=True)),
        "n_scored": Count("score"),
        "n_score_sum": Sum("score", default=0),
    }


def _bare(row):
    return {name.removeprefix("n_"): value for name, value in row.items()}


def _quality(user, selection):
    orders = Order.objects.visible_to(user).filter(selection.rows(day="sold_on", team="call__team_id"))
    return _bare(_reviews(user, selection).aggregate(**_review_counts())) | orders.aggregate(
        orders=Count("pk"), orders_not_void=Count("pk", filter=~Q(state=OrderState.VOID))
    )


def _quality_by(user, selection, by):
    column = {"campaign": "call__campaign_id", "team": "team_id", "agent": "agent_id"}[by]
    rows = _reviews(user, selection).order_by().values(column).annotate(**_review_counts())
    return {row.pop(column): _bare(row) for row in rows}


def _issues(user, selection):
    """Issues by the local day they were raised, complaints by the day they were registered, promises by their deadline."""
    start, end = bounds(selection)
    issues = Issue.objects.visible_to(user)
    complaints = Complaint.objects.visible_to(user)
    second = SecondContact.objects.filter(issue__in=issues, deadline__gte=start, deadline__lt=end)
    for column, value in (("campaign_id", selection.campaign_id), ("team_id", selection.team_id)):
        if value is not None:
            issues = issues.filter(**{column: value})
            second = second.filter(**{f"issue__{column}": value})
            complaints = complaints.filter(**{column if column == "team_id" else "issue__campaign_id": value})
    if selection.agent_id is not None:
        issues = issues.filter(raised_by_id=selection.agent_id)
        second = second.filter(issue__raised_by_id=selection.agent_id)
        complaints = complaints.filter(concerned_agent_id=selection.agent_id)
    due = issues.filter(deadline__gte=start, deadline__lt=end)
    registered = complaints.filter(registered_at__gte=start, registered_at__lt=end)
    return (
        issues.filter(raised_at__gte=start, raised_at__lt=end).aggregate(issues=Count("pk"))
        | due.aggregate(
            issues_due=Count("pk"), issues_in_time=Count("pk", filter=Q(answered_at__lte=F("deadline")))
        )
        | second.exclude(state=SecondContact.State.CANCELLED).aggregate(
            second_due=Count("pk"),
            second_in_time=Count(
                "pk", filter=Q(state=SecondContact.State.DONE, task__closed_at__lte=F("deadline"))
            ),
        )
        | registered.aggregate(complaints=Count("pk"), complaints_founded=Count("pk", filter=Q(founded=True)))
    )


def _satisfaction(user, selection):
    """Valid scores on 1 … 5 given in the period's calls; unasked and refused items are not counted (domain.md 6)."""
    scores = Answer.objects.filter(
        response__calls__in=_calls(user, selection),
        asked=True,
        number__isnull=False,
        item__question__kind=Question.Kind.SCALE5,
    )
    return scores.aggregate(
        csat_n=Count("pk"), csat_top=Count("pk", filter=Q(number__gte=4)), csat_sum=Sum("number", default=0)
    )


def bounds(selection):
    """The UTC instants at which the selection's first local day begins and its last one ends."""
    start, _end = day_bounds(selection.start, settings.TIME_ZONE)
    _start, end = day_bounds(selection.end, settings.TIME_ZONE)
    return start, end
