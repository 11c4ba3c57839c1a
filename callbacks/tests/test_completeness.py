"""How complete the archive is by agent and by list (CUS-4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import record_call
from callbacks.queries.completeness import completeness_by_agent, completeness_by_list
from callbacks.tests.make import disposition, make_agent, make_campaign, make_task
from callcenter.access import Role
from customers.models import Customer, CustomField
from customers.tests.make import make_client, make_customer, make_team, make_user

pytestmark = pytest.mark.django_db


def worked(agents=1):
    """A team whose agents each called one complete and one poor customer twice."""
    now = timezone.now()
    team, client = make_team(), make_client(required_fields=["name", "phone"])
    CustomField.objects.create(client=client, name="险种", required=True)
    campaign = make_campaign(team=team, client=client)
    for number in range(agents):
        agent = make_agent(team, full_name=f"坐席{number}")
        for custom in ({"险种": "x"}, {}):
            customer = make_customer(client=client, team=team, custom=custom)
            for again in range(2):
                record_call(
                    campaign=campaign,
                    customer=customer,
                    agent=agent,
                    team=team,
                    disposition=disposition("NA"),
                    started_at=now,
                    source="pbx",
                    external_id=f"{customer.pk}-{again}",
                    now=now,
                )
    return team, campaign


def test_an_agents_customers_count_once_each():
    team, campaign = worked(agents=2)
    make_task(make_campaign(team=make_team(), client=campaign.client), ready=False)
    user = make_user(Role.LEAD, team=team)
    now = timezone.now()
    lines = completeness_by_agent(user, now=now)
    assert [(line["agent__full_name"], line["customers"]) for line in lines] == [("坐席0", 2), ("坐席1", 2)]
    assert [round(line["score"], 3) for line in lines] == [0.833, 0.833]
    assert [gap["count"] for gap in lines[0]["missing"]] == [1]
    assert completeness_by_agent(user, now=now + timedelta(days=31)) == []
    (line,) = completeness_by_list(user)
    assert (line["campaign__name"], line["customers"]) == (campaign.name, 4)
    Customer.objects.filter(custom={}).update(restriction="merged")
    assert completeness_by_list(user)[0]["customers"] == 2


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize("by", ["agent", "list"])
def test_the_page_asks_as_many_queries_for_one_line_as_for_three(how_many, by, client):
    team, _campaign = worked(agents=how_many)
    client.force_login(make_user(Role.LEAD, team=team))
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("callbacks:completeness"), {"by": by}).content.decode()
    assert page.count('scope="row"') == (how_many if by == "agent" else 1)
    assert len(seen) == 7
