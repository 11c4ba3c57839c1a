"""The team's board and the wallboard (KPI-10, CB-11): one snapshot for all viewers, scope, what a lead does."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callbacks.tests.make import disposition, make_agent, make_task
from callcenter.access import Role
from callcenter.models import AccessLog, Notification
from complaints.tests.make import make_floor, make_issue
from customers.tests.make import NOW, make_user
from people.actions import ask_break, begin_pending, end_break, turn_to
from people.models import Activity, BreakRequest, FloorRule
from people.queries import running_of
from people.states import ActivityKind
from qa.tests.make import make_call
from reports.actions import make_wall_link
from reports.models import WallLink
from reports.queries import boards
from reports.queries.floor import snapshot

pytestmark = pytest.mark.django_db
K = ActivityKind


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.BOARD_SECONDS = 2
    cache.clear()


@pytest.fixture
def floor():
    disposition("DONE")
    return make_floor()


@pytest.fixture
def lead(client, floor):
    client.force_login(floor.lead)
    return client


def board_of(floor, now=NOW):
    return snapshot(floor.team.pk, now=now)


def row_of(floor, agent, now=NOW):
    return next(row for row in board_of(floor, now).agents if row.pk == agent.pk)


def test_an_agent_on_a_call_turns_amber_and_red(floor):
    turn_to(K.TALK, agent=floor.agent, now=NOW)
    tones = [row_of(floor, floor.agent, NOW + timedelta(seconds=age)).tone for age in (89, 90, 179, 180)]
    assert tones == ["", "near", "near", "over"]


def test_who_needs_the_lead_stands_first(floor):
    quiet, asking, gone = (make_agent(floor.team) for _number in range(3))
    turn_to(K.MEETING, agent=quiet, now=NOW)
    turn_to(K.TALK, agent=floor.agent, now=NOW - timedelta(minutes=5))
    resting = make_agent(floor.team)
    ask_break(agent=resting, kind=K.BREAK, now=NOW)
    turn_to(K.WAIT, agent=asking, now=NOW)
    ask_break(agent=asking, kind=K.BREAK, now=NOW)
    order = [row.pk for row in board_of(floor).agents]
    assert order[:2] == [asking.pk, floor.agent.pk]
    assert order[-1] == gone.pk


def test_figures_are_of_today_against_the_same_time_yesterday(floor):
    for back in (0, 0, 1):
        make_call(floor.campaign, floor.agent, at=NOW - timedelta(days=back, minutes=10))
    make_call(floor.campaign, floor.agent, at=NOW - timedelta(days=1) + timedelta(hours=3))
    tile = board_of(floor).tiles[0]
    assert (tile.code, tile.value, tile.before, tile.against.arrow) == ("completed_accounts", 2, 1, "▲")
    assert tile.target == floor.campaign.daily_target
    assert row_of(floor, floor.agent).completed == 2


def test_an_empty_floor_shows_dashes_and_no_zero_percent(lead, floor):
    page = lead.get(reverse("board:first")).content.decode()
    assert "0.0 %" not in page
    assert floor.agent.full_name in page


def test_what_waits_and_why(floor):
    make_task(floor.campaign)
    make_task(floor.campaign, due_at=NOW + timedelta(hours=2), ready=False)
    found = board_of(floor)
    assert (found.status.ready, found.due_today) == (1, 2)
    assert {reason.code for reason in found.status.reasons} == {"not_due"}


def test_an_urgent_issue_is_on_the_board_with_the_next_snapshot(lead, floor):
    address = reverse("board:live", args=[floor.team.pk])
    first = lead.get(address)
    assert b'data-urgent="0"' in first.content
    issue = make_issue(floor, now=timezone.now())
    cache.delete(f"board:{floor.team.pk}")
    answer = lead.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert answer.status_code == 200
    assert f"#{issue.pk}".encode() in answer.content


def test_ten_viewers_cause_one_computation(floor, monkeypatch):
    made = []

    def counted(team_id, *, now):
        made.append(now)
        return snapshot(team_id, now=now)

    monkeypatch.setattr(boards, "snapshot", counted)
    marks = {
        boards.shared_snapshot(floor.team.pk, now=NOW + timedelta(seconds=0.1 * n))[1] for n in range(10)
    }
    assert (len(made), len(marks)) == (1, 1)
    boards.shared_snapshot(floor.team.pk, now=NOW + timedelta(seconds=2.1))
    assert len(made) == 2


def test_nothing_new_is_answered_without_a_body(lead, floor, django_assert_max_num_queries):
    address = reverse("board:live", args=[floor.team.pk])
    first = lead.get(address)
    boards.shared_snapshot(floor.team.pk, now=timezone.now())
    # Session, person, scope and team; the snapshot itself asks nothing.
    with django_assert_max_num_queries(5):
        again = lead.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_the_mark_changes_with_what_is_shown_only(floor):
    one, later = board_of(floor), board_of(floor, NOW + timedelta(seconds=2))
    assert boards.mark_of(one) == boards.mark_of(later)
    turn_to(K.WAIT, agent=floor.agent, now=NOW)
    assert boards.mark_of(board_of(floor, NOW + timedelta(seconds=4))) != boards.mark_of(one)


@pytest.mark.parametrize("agents", [1, 3])
def test_the_board_asks_the_same_queries_however_many_agents(floor, agents, django_assert_num_queries):
    people = [floor.agent, *(make_agent(floor.team) for _number in range(agents - 1))]
    for person in people:
        make_call(floor.campaign, person, at=NOW - timedelta(minutes=10))
        turn_to(K.WAIT, agent=person, now=NOW)
        make_task(floor.campaign)
    with django_assert_num_queries(24):
        board_of(floor)


def test_another_teams_board_is_not_found(lead, floor):
    other = make_floor()
    request = ask_break(agent=other.agent, kind=K.BREAK, now=NOW, after_call=True)
    turn_to(K.BREAK, agent=other.agent, now=NOW)
    activity = running_of(other.agent)
    asked = [
        lead.get(reverse("board:team", args=[other.team.pk])),
        lead.get(reverse("board:live", args=[other.team.pk])),
        lead.get(reverse("board:agent_day", args=[other.agent.pk])),
        lead.post(reverse("board:message", args=[other.team.pk, other.agent.pk]), {"text": "x"}),
        lead.post(reverse("board:message", args=[floor.team.pk, other.agent.pk]), {"text": "x"}),
        lead.post(reverse("board:decide_break", args=[request.pk, "approve"])),
        lead.post(reverse("board:recall", args=[activity.pk])),
        lead.post(reverse("board:correct", args=[activity.pk]), {"kind": "meal", "reason": "x"}),
    ]
    assert {answer.status_code for answer in asked} == {404}
    assert not Notification.objects.exists()


def test_a_lead_approves_and_calls_back(lead, floor):
    FloorRule.objects.create(
        morning_start="00:00",
        morning_end="12:00",
        afternoon_start="12:00",
        afternoon_end="23:59:59",
        at_least=0,
        share=0,
    )
    now = timezone.now()
    turn_to(K.WAIT, agent=floor.agent, now=now)
    request = ask_break(agent=floor.agent, kind=K.BREAK, now=now)
    answer = lead.post(reverse("board:decide_break", args=[request.pk, "approve"]), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    activity = running_of(floor.agent)
    assert activity.kind == K.BREAK
    assert reverse("board:recall", args=[activity.pk]) in answer.content.decode()
    assert lead.post(reverse("board:recall", args=[activity.pk])).status_code == 302
    again = lead.post(reverse("board:decide_break", args=[request.pk, "refuse"]))
    assert again.status_code == 409
    assert lead.post(f"/team/breaks/{request.pk}/nonsense/").status_code == 404


def test_a_message_reaches_the_agent_alone(lead, floor):
    address = reverse("board:message", args=[floor.team.pk, floor.agent.pk])
    assert lead.post(address, {"text": "请先打重点客户 100%"}).status_code == 302
    told = Notification.objects.get()
    assert (told.recipient, told.params["words"]) == (floor.agent, "请先打重点客户 100%")
    assert lead.post(address, {"text": " "}).status_code == 422
    assert lead.post(address, {"text": "字" * 161}).status_code == 422


def test_the_day_of_an_agent_adds_up(lead, floor):
    turn_to(K.WAIT, agent=floor.agent, now=timezone.now() - timedelta(minutes=3))
    turn_to(K.MEETING, agent=floor.agent, now=timezone.now() - timedelta(minutes=1))
    address = reverse("board:agent_day", args=[floor.agent.pk])
    shares = lead.get(address).context["page"]["shares"]
    parts = [shares[name] for name in ("wait", "prepare", "talk", "after_call", "non_productive")]
    assert sum(parts) == pytest.approx(shares["signed_in"])
    for wanted in ("2026-13-99", "x", "9999-01-01", "2026-03-02"):
        assert lead.get(address, {"day": wanted}).status_code == 200
    activity = Activity.objects.get(kind=K.MEETING)
    correct = reverse("board:correct", args=[activity.pk])
    assert lead.post(correct, {"kind": "training", "reason": "新人培训"}).status_code == 302
    assert lead.post(correct, {"kind": "talk", "reason": "x"}).status_code == 422
    assert "新人培训" in lead.get(address).content.decode()


def wall_link(floor, **fields):
    link = make_wall_link(
        team=floor.team, name="大厅", language="zh-hans", days=30, by=floor.lead, now=timezone.now()
    )
    WallLink.objects.filter(pk=link.pk).update(**fields) if fields else None
    return link


def test_a_television_needs_no_sign_in_and_shows_nobodys_name(floor):
    turn_to(K.WAIT, agent=floor.agent, now=timezone.now())
    customer = make_issue(floor, now=timezone.now()).customer
    link, television = wall_link(floor), Client()
    pages = [television.get(reverse(name, args=[link.token])) for name in ("board:wall", "board:wall_live")]
    assert [page.status_code for page in pages] == [200, 200]
    text = "".join(page.content.decode() for page in pages)
    secret = [floor.agent.full_name, floor.lead.full_name, customer.name, floor.agent.username]
    assert [word for word in secret if word in text] == []
    again = television.get(reverse("board:wall_live", args=[link.token]), HTTP_IF_NONE_MATCH=pages[1]["ETag"])
    assert again.status_code in (200, 304)
    assert WallLink.objects.get().seen_at is not None
    assert television.get(reverse("board:team", args=[floor.team.pk])).status_code == 302


@pytest.mark.parametrize("fields", [{"revoked_at": NOW}, {"expires_at": NOW}], ids=["revoked", "expired"])
def test_a_link_that_has_ended_is_not_found(floor, fields):
    link = wall_link(floor, **fields)
    assert Client().get(reverse("board:wall", args=[link.token])).status_code == 404
    assert Client().get(reverse("board:wall_live", args=[link.token])).status_code == 404


def test_a_forged_link_is_not_found(floor):
    link = wall_link(floor)
    number, signature = link.token.split(":")
    for token in (
        str(link.pk),
        f"{int(number) + 1}:{signature}",
        f"{number}:x",
        "x",
        f"{10**30}:{signature}",
    ):
        assert Client().get(f"/wall/{token}/").status_code == 404


def test_links_are_made_and_revoked_by_the_teams_lead(lead, floor):
    data = {"team": floor.team.pk, "name": "大厅", "language": "en", "days": 30}
    assert lead.post(reverse("board:walls"), data).status_code == 302
    link = WallLink.objects.get()
    assert link.token in lead.get(reverse("board:walls")).content.decode()
    for wrong in ({"days": 0}, {"days": 10_000}, {"team": make_floor().team.pk}, {"language": "xx"}):
        assert lead.post(reverse("board:walls"), data | wrong).status_code == 422
    stranger = Client()
    stranger.force_login(make_floor().lead)
    assert stranger.post(reverse("board:wall_revoke", args=[link.pk])).status_code == 404
    assert lead.post(reverse("board:wall_revoke", args=[link.pk])).status_code == 302
    assert lead.post(reverse("board:wall_revoke", args=[link.pk])).status_code == 409
    assert AccessLog.objects.filter(subject="wall_link").count() == 2


@pytest.mark.parametrize("links", [1, 3])
def test_the_list_of_links_asks_the_same_queries(lead, floor, links, django_assert_num_queries):
    for _number in range(links):
        wall_link(floor)
    with django_assert_num_queries(6):
        lead.get(reverse("board:walls"))


def test_somebody_who_leads_no_team_is_told_so(client):
    client.force_login(make_user(Role.ADMIN))
    assert client.get(reverse("board:first")).status_code == 200


@pytest.mark.services
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_viewers_at_the_same_moment_cause_one_computation(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    floor, made = make_floor(), []

    def counted(team_id, *, now):
        made.append(now)
        return snapshot(team_id, now=now)

    monkeypatch.setattr(boards, "snapshot", counted)
    barrier = threading.Barrier(10)

    def look(_viewer):
        barrier.wait()
        try:
            return boards.shared_snapshot(floor.team.pk, now=timezone.now())[1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        marks = set(pool.map(look, range(10)))
    assert (len(made), len(marks)) == (1, 1)


def test_the_queue_for_breaks_is_read_from_the_board(floor):
    turn_to(K.WAIT, agent=floor.agent, now=NOW)
    other = make_agent(floor.team)
    turn_to(K.WAIT, agent=other, now=NOW)
    ask_break(agent=other, kind=K.BREAK, now=NOW)
    ask_break(agent=floor.agent, kind=K.BREAK, now=NOW + timedelta(seconds=1))
    row = row_of(floor, floor.agent)
    assert (row.request_obstacle, row.may_decide) == ("places", True)
    end_break(agent=other, now=NOW + timedelta(minutes=1))
    begin_pending(agent=floor.agent, now=NOW + timedelta(minutes=1))
    assert not BreakRequest.objects.pending().exists()
    assert row_of(floor, floor.agent, NOW + timedelta(minutes=2)).state == K.BREAK
