"""What the rows of a file of calls are compared with: customers, results and agents, by the words of the file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from callbacks.models import Call
from callbacks.rules.call_rows import CallRow, Problem
from callcenter.access import Role
from callcenter.workdays import local_day
from campaigns.models import Disposition
from customers.models import Customer
from customers.rules.phones import PhoneRejected, normalise
from people.models import Membership, User

# A row that begins this near to a call of the desk is that call.
NEAR = timedelta(seconds=60)


@dataclass
class Known:
    """The neighbours of one chunk of rows."""

    customers: dict[str, Customer]
    dispositions: dict[str, Disposition]
    agents: dict[str, User]
    teams: list[int]
    teams_of_agents: dict[int, int]
    # Call numbers already recorded, with the campaign.
    calls: dict[str, int]
    campaign_id: int
    # What the desk has recorded around the times of these rows: (started, number) by customer.
    desk_calls: dict[int, list[tuple[datetime, str]]]

    def dialled_at_desk(self, row: CallRow) -> bool:
        """Whether a row is about a call that an agent has saved: the same customer within a minute, and the same number."""
        number = self.number(row.number)
        return any(
            abs(at - row.started_at) <= NEAR and number in ("", dialled)
            for at, dialled in self.desk_calls.get(self.customers[row.customer].pk, ())
        )

    def team_of(self, customer) -> int | None:
        """The customer's own team, else the campaign's first."""
        return customer.team_id or (self.teams[0] if self.teams else None)

    def team_of_agent(self, agent) -> int | None:
        return self.teams_of_agents.get(agent.pk) if agent else None

    def number(self, text) -> str:
        """The number dialled as E.164; "" when the file gives none."""
        return normalise(text).e164 if text else ""

    def problems(self, row: CallRow, seen) -> list[Problem]:
        """What is wrong with a row beyond its own cells; ``seen`` maps the call numbers before it to their rows."""
        found = []
        if row.customer and row.customer not in self.customers:
            found.append(Problem("customer", row.customer, "unknown_customer"))
        if row.disposition and row.disposition not in self.dispositions:
            found.append(Problem("disposition", row.disposition, "unknown_result"))
        if row.agent and row.agent not in self.agents:
            found.append(Problem("agent", row.agent, "unknown_agent"))
        if row.external_id and row.external_id in seen:
            found.append(
                Problem("external_id", row.external_id, "repeated_call", {"row": seen[row.external_id]})
            )
        if self.calls.get(row.external_id, self.campaign_id) != self.campaign_id:
            found.append(Problem("external_id", row.external_id, "foreign_call"))
        if row.number:
            try:
                normalise(row.number)
            except PhoneRejected:
                found.append(Problem("number", row.number, "bad_number"))
        return found


def known_for(campaign, rows, owner=None) -> Known:
    """What a chunk of rows names, in a fixed number of queries; customers out of the owner's scope do not exist.

    Without an owner (the command) every customer of the client does.
    """
    numbers = {row.customer for row in rows if row.customer}
    names = {row.agent for row in rows if row.agent}
    reached = Customer.objects.visible_to(owner) if owner else Customer.objects.all()
    columns = ("id", "external_id", "team_id")
    customers = reached.filter(client=campaign.client, external_id__in=numbers)
    if owner:
        customers = customers.filter(Q(merged_into=None) | Q(merged_into__in=reached))
    customers = customers.select_related("merged_into").only(
        *columns, *(f"merged_into__{column}" for column in columns)
    )
    agents = {}
    for user in User.objects.filter(username__in=names).order_by("id"):
        agents[user.username] = user
    for user in User.objects.filter(employee_no__in=names).exclude(employee_no="").order_by("-id"):
        agents.setdefault(user.employee_no, user)
    memberships = Membership.objects.filter(
        user__in={user.pk for user in agents.values()}, role=Role.AGENT, team__isnull=False
    )
    recorded = Call.objects.filter(
        source=Call.Source.IMPORT, external_id__in={row.external_id for row in rows}
    )
    found = {one.external_id: one.merged_into or one for one in customers.order_by("id")}
    starts = [row.started_at for row in rows if row.started_at]
    desk_calls = {}
    if starts:
        saved = Call.objects.counted().filter(
            source=Call.Source.DESK,
            campaign=campaign,
            local_day__range=(
                local_day(min(starts), settings.TIME_ZONE),
                local_day(max(starts), settings.TIME_ZONE),
            ),
            started_at__range=(min(starts) - NEAR, max(starts) + NEAR),
        )
        for pk, at, number in saved.order_by("id").values_list("customer_id", "started_at", "number"):
            desk_calls.setdefault(pk, []).append((at, number))
    return Known(
        # The number of a duplicate that was merged leads to the record it became part of.
        customers=found,
        dispositions={row.code: row for row in Disposition.objects.order_by("id")},
        agents=agents,
        teams=list(campaign.teams.order_by("id").values_list("id", flat=True)),
        teams_of_agents=dict(memberships.order_by("-id").values_list("user_id", "team_id")),
        calls=dict(recorded.values_list("external_id", "campaign_id")),
        campaign_id=campaign.pk,
        desk_calls=desk_calls,
    )
