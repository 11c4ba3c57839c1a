"""Tasks, calls and orders as lists and with their history."""

from django.db.models import Q

from callbacks.models import Call, Order, Task
from callbacks.queries.queues import NAMES
from callcenter.access import Role
from campaigns.models import Campaign, Disposition
from campaigns.states import CampaignState
from people.models import Team, User

LEADERS = (Role.LEAD, Role.MANAGER)


def tasks(user, *, campaign=None, state="", kind="", agent=None, team=None):
    """Tasks in scope that match the filters, newest first."""
    rows = Task.objects.visible_to(user)
    if campaign:
        rows = rows.filter(campaign=campaign)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if agent:
        rows = rows.filter(Q(agent=agent) | Q(reserved_for=agent))
    if team:
        rows = rows.filter(queue__team=team)
    return rows.select_related(
        "campaign", "customer", "queue__team", "agent", "reserved_for", "disposition"
    ).order_by("-id")


def tasks_led_by(user):
    """Tasks of the teams the person leads: what bulk actions may touch (CAM-4)."""
    return Task.objects.filter(user.scope().rows(team="queue__team", only=LEADERS))


def calls(user, *, campaign=None, disposition=None, agent=None, team=None, day=None, source=""):
    """Calls in scope that match the filters, newest first; corrected versions are left out."""
    rows = Call.objects.visible_to(user).filter(superseded=False)
    wanted = {
        "campaign": campaign,
        "disposition": disposition,
        "agent": agent,
        "team": team,
        "local_day": day,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if source:
        rows = rows.filter(source=source)
    return rows.select_related("campaign", "customer", "agent", "disposition", "recording").order_by("-id")


def orders(user, *, campaign=None, state="", agent=None):
    """Orders in scope that match the filters, newest first."""
    rows = Order.objects.visible_to(user)
    wanted = {"campaign": campaign, "state": state, "agent": agent}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.select_related("campaign", "account__customer", "agent", "call__disposition").order_by("-id")


def customer_tasks(user, customer):
    """A customer's open tasks in the person's scope, the next due first."""
    open_ones = (
        Task.objects.visible_to(user).filter(customer=customer).exclude(state__in=["done", "cancelled"])
    )
    return open_ones.select_related("campaign", "queue__team", "agent").order_by("due_at", "id")


def versions_of(call):
    """All versions of a call, first to last: corrections keep what they replace (domain.md section 4, rule 13)."""
    first = call
    for _step in range(50):
        if first.corrects_id is None:
            break
        first = Call.objects.get(pk=first.corrects_id)
    found, wave = [first], [first.pk]
    for _step in range(50):
        later = list(Call.objects.filter(corrects__in=wave).order_by("id"))
        if not later:
            break
        found, wave = [*found, *later], [row.pk for row in later]
    rows = (
        Call.objects.filter(pk__in=[row.pk for row in found])
        .select_related("disposition", "agent")
        .order_by("id")
    )
    return list(rows)


def campaigns_in_scope(user):
    """Campaigns a filter may offer."""
    return Campaign.objects.visible_to(user).order_by("name", "id")


def agents_in_scope(user):
    """Agents of the teams in scope, by name; the person's own name for an agent."""
    teams = Team.objects.visible_to(user)
    return (
        User.objects.filter(Q(memberships__role=Role.AGENT, memberships__team__in=teams), is_active=True)
        .distinct()
        .order_by("full_name", "id")
    )


def teams_led_by(user):
    """Teams to which the person may move work."""
    scope = user.scope()
    return (
        Team.objects.all() if scope.everything else Team.objects.filter(pk__in=scope.team_ids(*LEADERS))
    ).order_by("name", "id")


def results():
    """Dispositions a filter or a correction offers."""
    return Disposition.objects.order_by("position", "id")


def history(case):
    """The steps of a task or order, first to last, each with ``label`` and a readable ``words`` for the reader."""
    labels = dict(type(case)._meta.get_field("state").choices)
    steps = list(case.steps.select_related("by").order_by("id"))
    for step in steps:
        step.label = labels.get(step.to_state, step.to_state)
        codes = step.note.split(", ")
        known = all(code in NAMES for code in codes)
        step.words = ", ".join(str(NAMES[code]) for code in codes) if known else step.note
    return steps


def campaigns_of(team):
    """The running campaigns a team works for."""
    running = Campaign.objects.filter(teams=team, state=CampaignState.RUNNING)
    return running.order_by("name", "id")
