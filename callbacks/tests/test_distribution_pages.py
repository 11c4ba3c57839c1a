"""The pages of assignment: preview, act, undo, absence, what was left lying; scope and nonsense (CAM-4, ORG-2)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import assign_tasks, distribute
from callbacks.models import Distribution, Task
from callbacks.queries.distribution import Selection
from callbacks.tests.make import make_agent, make_campaign, make_task, make_team
from callcenter.access import Role
from customers.tests.make import make_user
from people.models import Absence

pytestmark = pytest.mark.django_db
NONSENSE = ["x", "-1", "0", "99999999999999999999", "%00", "👍", "1e9", "NaN"]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


@pytest.fixture
def agents(team):
    return [make_agent(team) for _more in range(2)]


@pytest.fixture
def lead(client, team):
    user = make_user(Role.LEAD, team=team)
    client.force_login(user)
    return user


def text(response):
    return response.content.decode()


def url(name, *args):
    return reverse(f"callbacks:{name}", args=args)


def confirmed(response):
    """The fields of the preview's form, as the browser would send them."""
    fields = {}
    for name, value in response.context["hidden"]:
        fields.setdefault(name, []).append(str(value))
    return fields


def task_now(campaign, **fields):
    now = timezone.now()
    return make_task(campaign, due_at=now - timedelta(minutes=1), now=now, ready=False, **fields)


def test_lead_distributes_with_a_preview_and_undoes_it(client, lead, team, campaign, agents):
    for _more in range(4):
        task_now(campaign)
    shown = client.get(url("distribution_preview"), {"team": team.pk, "agents": [one.pk for one in agents]})
    assert [(change.gets, change.after) for change in shown.context["deal"].changes] == [(2, 2), (2, 2)]
    assert not Task.objects.exclude(reserved_for=None).exists()
    for _click in range(2):
        assert client.post(url("distribute"), confirmed(shown)).status_code == 302
    made = Distribution.objects.get()
    assert (made.count, made.by) == (4, lead)
    page = text(client.get(url("distribution")))
    assert "4 tasks are distributed." in page
    assert url("undo_distribution", made.pk) in page
    assert client.post(url("undo_distribution", made.pk)).status_code == 302
    assert not Task.objects.exclude(reserved_for=None).exists()
    assert url("undo_distribution", made.pk) not in text(client.get(url("distribution")))
    assert client.post(url("undo_distribution", made.pk)).status_code == 409


def test_absence_is_one_link_and_one_button(client, lead, team, campaign, agents):
    away, here = agents
    task = task_now(campaign)
    assign_tasks(Task.objects.filter(pk=task.pk), agent=away, by=lead, now=timezone.now())
    link = f"{url('distribution_preview')}?team={team.pk}&absent={away.pk}"
    assert link.replace("&", "&amp;") in text(client.get(url("distribution")))
    client.post(url("distribute"), confirmed(client.get(link)))
    task.refresh_from_db()
    assert task.reserved_for == here
    assert Absence.objects.get().user == away
    page = text(client.get(url("distribution")))
    assert "absent today" in page
    assert client.post(url("agent_present", away.pk), {"team": team.pk}).status_code == 302
    assert not Absence.objects.exists()


def test_last_one_there_gives_back_to_the_team(client, lead, team, campaign, agents):
    away, here = agents
    task = task_now(campaign)
    assign_tasks(Task.objects.filter(pk=task.pk), agent=here, by=lead, now=timezone.now())
    Absence.objects.create(user=away, day=timezone.localdate(), at=timezone.now())
    shown = client.get(url("distribution_preview"), {"team": team.pk, "absent": here.pk})
    client.post(url("distribute"), confirmed(shown))
    task.refresh_from_db()
    assert task.reserved_for is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Tick the agents who are to get the tasks."),
        ({"way": "pool"}, "Tick the agents whose tasks are taken back."),
        ({"way": "capability"}, "Choose the campaign"),
        ({"least": "5", "most": "4"}, "The upper amount lies below the lower one."),
        ({"at_most": "10001"}, "10000"),
    ],
)
def test_wrong_choices_are_shown_again(client, lead, team, campaign, agents, fields, told):
    ticked = {"agents": [agents[0].pk]} if fields and fields.get("way") != "pool" else {}
    answer = client.get(url("distribution_preview"), {"team": team.pk, **ticked, **fields})
    assert answer.status_code == 422
    assert told in text(answer)


def test_nothing_to_move_says_so(client, lead, team, agents):
    answer = client.get(url("distribution_preview"), {"team": team.pk, "agents": [agents[0].pk]})
    assert "nothing would move" in text(answer)
    assert '<form method="post"' not in text(answer).split("<main", 1)[1]


def test_what_was_taken_meanwhile_is_said(client, lead, team, campaign, agents):
    gone, _left = task_now(campaign), task_now(campaign)
    shown = client.get(url("distribution_preview"), {"team": team.pk, "agents": [agents[0].pk]})
    Task.objects.filter(pk=gone.pk).update(state="done")
    client.post(url("distribute"), confirmed(shown))
    assert "1 had been taken or called meanwhile." in text(client.get(url("distribution")))


@pytest.mark.parametrize("name", ["distribution", "distribution_preview"])
def test_nonsense_is_no_error(client, lead, team, campaign, agents, name):
    task_now(campaign)
    fields = (
        "team",
        "agents",
        "sources",
        "absent",
        "at_most",
        "way",
        "campaign",
        "region",
        "due_until",
        "least",
    )
    for field in fields:
        for value in NONSENSE:
            assert client.get(url(name), {field: value}).status_code in (200, 404, 422)


def test_act_refuses_nonsense_and_changes_nothing(client, lead, team, campaign, agents):
    task_now(campaign)
    shown = client.get(url("distribution_preview"), {"team": team.pk, "agents": [agents[0].pk]})
    good = confirmed(shown)
    sound = {"seed": ("0", "1e9", "9" * 20), "shown": ("0",)}
    for name in ("key", "seed", "shown", "agents", "way", "surface_days"):
        for value in NONSENSE:
            if value not in sound.get(name, ()):
                assert client.post(url("distribute"), good | {name: [value]}).status_code == 422
                assert not Distribution.objects.exists(), (name, value)
    assert client.post(url("distribute"), {}).status_code == 422


def test_other_teams_and_their_people_are_not_found(client, lead, team, campaign, agents):
    other = make_team()
    stranger = make_agent(other)
    elsewhere = task_now(make_campaign(team=other))
    for name in ("distribution", "distribution_preview"):
        assert client.get(url(name), {"team": other.pk}).status_code == 404
    assert client.post(url("distribute"), {"team": other.pk}).status_code == 404
    assert client.post(url("agent_present", stranger.pk), {"team": team.pk}).status_code == 404
    task_now(campaign)
    answer = client.get(url("distribution_preview"), {"team": team.pk, "agents": [stranger.pk]})
    assert answer.status_code == 422
    made = distribute(
        selection=Selection(team=other),
        way="equal",
        agents=[stranger.pk],
        seed="1",
        key=uuid.uuid4(),
        by=make_user(Role.LEAD, team=other),
        now=timezone.now(),
    )
    assert client.post(url("undo_distribution", made.pk)).status_code == 404
    assert f"#{elsewhere.pk}" not in text(client.get(url("untouched")))
    assert str(made.by) not in text(client.get(url("distributions")))


def test_who_leads_no_team_is_told(client):
    client.force_login(make_user(Role.LEAD, unit=make_team().unit))
    Task.objects.all().delete()
    lead = make_user()
    lead.memberships.create(role=Role.MANAGER, unit=make_team().unit.children.create(name="x", code="x"))
    client.force_login(lead)
    assert "You lead no team" in text(client.get(url("distribution")))
    assert client.get(url("distribution_preview")).status_code == 404
    assert client.post(url("distribute")).status_code == 404


def test_agent_may_not(client, agents, team):
    client.force_login(agents[0])
    for name in ("distribution", "distribution_preview", "distributions", "untouched"):
        assert client.get(url(name)).status_code == 403
    assert client.post(url("distribute")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_floor_needs_a_fixed_number_of_queries(client, lead, team, campaign, rows, django_assert_num_queries):
    people = [make_agent(team) for _more in range(rows)]
    for person in people:
        task_now(campaign)
        distribute(
            selection=Selection(team=team),
            way="equal",
            agents=[person.pk],
            seed="1",
            key=uuid.uuid4(),
            by=lead,
            now=timezone.now(),
        )
    client.get(url("distribution"))
    with django_assert_num_queries(23):
        page = text(client.get(url("distribution")))
    assert page.count('name="agents"') == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("distributions", 5), ("untouched", 8)])
def test_lists_need_a_fixed_number_of_queries(
    client, lead, team, campaign, agents, rows, name, queries, django_assert_num_queries
):
    for _more in range(rows):
        task_now(campaign)
        distribute(
            selection=Selection(team=team),
            way="equal",
            agents=[agents[0].pk],
            seed="1",
            key=uuid.uuid4(),
            by=lead,
            now=timezone.now() - timedelta(days=8),
        )
    client.get(url(name))
    with django_assert_num_queries(queries):
        page = text(client.get(url(name)))
    assert page.count('<th scope="row">') == rows
    for value in NONSENSE:
        assert client.get(url(name), {"page": value, "team": value}).status_code == 200


def test_numbers_above_a_thousand_travel_ungrouped(client, lead, team, campaign, agents):
    """People read 1,000; forms send 1000."""
    task = task_now(campaign)
    task.pk, task.source = 1_234_567, "grouped"
    task.save(force_insert=True)
    page = text(client.get(reverse("callbacks:tasks")))
    assert 'value="1234567"' in page
    person = make_agent(team, pk=7_654_321)
    page = text(client.get(url("distribution")))
    assert 'name="agents" value="7654321"' in page
    assert "absent=7654321" in page
    shown = client.get(url("distribution_preview"), {"team": team.pk, "agents": [person.pk]})
    assert 'name="agents" value="7654321"' in text(shown)
