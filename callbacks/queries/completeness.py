"""How complete the records are that an agent works with, or that a campaign's list holds (CUS-4)."""

from callbacks.models import Task
from campaigns.models import Account
from customers.queries.completeness import completeness_by

CLIENT = ("customer__client__name", "customer__client_id")


def completeness_by_agent(user) -> list[dict]:
    """One line per agent and client: the customers of the tasks the agent has in hand or had last."""
    tasks = Task.objects.visible_to(user).filter(agent__isnull=False)
    return completeness_by(tasks, ("agent__full_name", "agent_id", *CLIENT), user=user, prefix="customer__")


def completeness_by_list(user) -> list[dict]:
    """One line per campaign: the customers on its list."""
    accounts = Account.objects.filter(user.scope().rows(team="team", client="campaign__client"))
    return completeness_by(
        accounts, ("campaign__name", "campaign_id", *CLIENT), user=user, prefix="customer__"
    )
