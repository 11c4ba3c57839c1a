import pytest
from rest_framework.test import APIClient

from campaigns.tests.make import make_campaign, make_client, make_script_version, make_team, make_user
from customers.tests.make import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def team(unit):
    return make_team(unit=unit)


@pytest.fixture
def api(unit):
    client = APIClient()
    client.force_authenticate(make_user("manager", unit=unit))
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_at_one_and_three_rows(api, team, django_assert_num_queries, count):
    for _number in range(count):
        make_campaign(teams=[team], script=make_script_version())
    with django_assert_num_queries(4):
        response = api.get("/api/v1/campaigns/")
    assert [row["teams"] for row in response.json()["results"]] == [[team.code]] * count


def test_list_is_filtered_as_on_the_page(api, team):
    running = make_campaign(teams=[team], state="running")
    make_campaign(teams=[team])
    found = api.get("/api/v1/campaigns/", {"state": "running"}).json()["results"]
    assert [row["code"] for row in found] == [running.code]
    assert api.get("/api/v1/campaigns/", {"state": "x", "cursor": "%%%"}).status_code in (200, 404)


def test_campaign_out_of_scope_is_404(api):
    campaign = make_campaign()
    assert api.get(f"/api/v1/campaigns/{campaign.pk}/").status_code == 404
    assert api.post(f"/api/v1/campaigns/{campaign.pk}/pause/").status_code == 404
    assert api.get(f"/api/v1/campaigns/{10**30}/").status_code == 404


def test_verbs_move_a_campaign_and_illegal_ones_are_409(api, team):
    campaign = make_campaign(teams=[team], state="approved")
    address = f"/api/v1/campaigns/{campaign.pk}"
    states = []
    for verb in ("start", "pause", "resume", "finish"):
        response = api.post(f"{address}/{verb}/", {"note": "by program"})
        states.append((response.status_code, response.json()["state"]))
    assert states == [(200, "running"), (200, "paused"), (200, "running"), (200, "finished")]
    refused = api.post(f"{address}/pause/")
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_move")
    assert {step.note for step in campaign.steps.all()} == {"by program"}


@pytest.mark.parametrize("data", [{"note": "x" * 501}, {"note": {"a": 1}}, [1, 2]])
def test_wrong_note_is_400_and_nothing_moves(api, team, data):
    campaign = make_campaign(teams=[team], state="approved")
    response = api.post(f"/api/v1/campaigns/{campaign.pk}/start/", data, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    campaign.refresh_from_db()
    assert campaign.state == "approved"


def test_observer_reads_own_campaigns_and_moves_none(team):
    own = make_client()
    mine = make_campaign(client=own, state="running")
    make_campaign()
    client = APIClient()
    client.force_authenticate(make_user("client", client=own))
    assert [row["id"] for row in client.get("/api/v1/campaigns/").json()["results"]] == [mine.pk]
    assert client.post(f"/api/v1/campaigns/{mine.pk}/pause/").status_code == 403


@pytest.mark.parametrize("role", ["agent", "qa", "trainer", "complaint"])
def test_other_roles_are_refused(role):
    client = APIClient()
    client.force_authenticate(make_user(role))
    assert client.get("/api/v1/campaigns/").status_code == 403
