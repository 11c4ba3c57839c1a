"""The list of trials, the page of one, its verbs by role and scope, and the same over the API (CAM-10)."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.queries.trials import VERB_ROLES, open_question
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.trials import World
from callcenter.access import Role
from customers.tests.make import make_user

pytestmark = pytest.mark.django_db
S = OrderState
NONSENSE = ("x", "-1", "9" * 30, "2026-99-99", "' OR 1=1", "取消")


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def lead(client, world):
    client.force_login(world.lead)
    return world.lead


def sale(world, back=21):
    """A sale so many days ago by today's clock."""
    return world.sale(now=timezone.now() - timedelta(days=back))


def text(response):
    return response.content.decode()


def fresh(order):
    order.refresh_from_db()
    return order


def post(client, order, verb, **data):
    return client.post(reverse("callbacks:trial_verb", args=[order.pk, verb]), data)


@pytest.mark.parametrize("rows", [1, 3])
def test_trial_list_needs_a_fixed_number_of_queries(client, lead, world, rows, django_assert_num_queries):
    orders = [sale(world) for _row in range(rows)]
    client.get(reverse("callbacks:trials"))
    with django_assert_num_queries(8):
        page = text(client.get(reverse("callbacks:trials")))
    assert all(order.account.customer.name in page for order in orders)


@pytest.mark.parametrize("rows", [1, 3])
def test_trial_page_needs_a_fixed_number_of_queries(client, lead, world, rows, django_assert_max_num_queries):
    order = sale(world)
    for row in range(rows):
        world.answer(order, criteria=CRITERIA[:2], now=timezone.now() + row * timedelta(minutes=5))
    with django_assert_max_num_queries(16):
        page = text(client.get(reverse("callbacks:trial", args=[order.pk])))
    assert page.count("goes on · phone") == rows


def test_trials_are_filtered_and_nonsense_does_not_filter(client, lead, world):
    running, gone = sale(world), sale(world)
    world.answer(gone, "unwanted", now=timezone.now())
    url = reverse("callbacks:trials")
    page = text(client.get(url, {"state": "cancelled", "campaign": world.campaign.pk}))
    assert gone.account.customer.name in page
    assert running.account.customer.name not in page
    page = text(client.get(url, {"ends_before": running.trial_ends_on.isoformat()}))
    assert running.account.customer.name in page
    assert gone.account.customer.name not in page
    assert "Nothing matches these filters." in text(client.get(url, {"state": "billing"}))
    for name in ("campaign", "state", "agent", "ends_before", "page"):
        for value in NONSENSE:
            assert client.get(url, {name: value}).status_code == 200


def test_a_plain_order_is_no_trial(client, lead, world):
    order = world._without_trial()
    assert client.get(reverse("callbacks:trial", args=[order.pk])).status_code == 404
    assert order.account.customer.name not in text(client.get(reverse("callbacks:trials")))


@pytest.mark.parametrize("verb", VERB_ROLES)
def test_a_trial_of_another_team_is_not_found(client, lead, verb):
    order = sale(World())
    assert client.get(reverse("callbacks:trial", args=[order.pk])).status_code == 404
    assert post(client, order, verb, note="x").status_code == 404
    assert client.post(f"/api/v1/trials/{order.pk}/{verb}/", {"note": "x"}).status_code == 404
    assert fresh(order).state == S.IN_TRIAL


ROLE_VERBS = [
    (role, verb, role in VERB_ROLES[verb])
    for role in (Role.AGENT, Role.LEAD, Role.MANAGER, Role.QA, Role.QA_SUPERVISOR)
    for verb in VERB_ROLES
]


@pytest.mark.parametrize(("role", "verb", "may"), ROLE_VERBS)
def test_each_role_sees_and_may_do_its_own_verbs_only(client, world, role, verb, may):
    order = sale(world)
    user = world.agent if role == Role.AGENT else make_user(role, unit=world.team.unit)
    if role == Role.LEAD:
        user = world.lead
    client.force_login(user)
    page = client.get(reverse("callbacks:trial", args=[order.pk]))
    assert page.status_code == 200
    assert (reverse("callbacks:trial_verb", args=[order.pk, verb]) in text(page)) == (
        may and verb not in ("answer", "message")
    )
    answer = post(client, order, verb, note="x")
    assert (answer.status_code == 403) == (not may)
    answer = client.post(f"/api/v1/trials/{order.pk}/{verb}/", {"note": "x"}, content_type="application/json")
    assert (answer.status_code == 403) == (not may)


def test_lead_records_an_answer_with_its_evidence(client, lead, world):
    order = sale(world)
    call = world.call(order.account.customer, "DONE", now=timezone.now())
    page = text(client.get(reverse("callbacks:trial", args=[order.pk])))
    assert f'value="call:{call.pk}"' in page
    data = {"evidence": f"call:{call.pk}", "answer": "continue", "criteria": CRITERIA}
    assert post(client, order, "answer", **data).status_code == 302
    assert (fresh(order).state, order.first_call) == (S.CONFIRMED_ONCE, call)


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": ""},
        {"evidence": "call:999999"},
        {"evidence": "reply:1"},
        {"evidence": "x"},
        {"answer": ""},
        {"answer": "unreachable"},
        {"answer": "x"},
        {"criteria": ["x"]},
    ],
)
def test_wrong_answers_are_refused_with_a_reason_and_change_nothing(client, lead, world, change):
    order = sale(world)
    call = world.call(order.account.customer, "DONE", now=timezone.now())
    data = {"evidence": f"call:{call.pk}", "answer": "continue", "criteria": CRITERIA} | change
    answer = post(client, order, "answer", **data)
    assert answer.status_code == 422
    assert "Please correct the following" in text(answer)
    assert fresh(order).state == S.IN_TRIAL


@pytest.mark.parametrize("verb", ["extend", "cancel"])
def test_extending_and_cancelling_need_a_reason(client, lead, world, verb):
    order = sale(world)
    assert post(client, order, verb, note="").status_code == 422
    assert post(client, order, verb, note="出国").status_code == 302
    assert fresh(order).state == {"extend": S.EXTENDED, "cancel": S.CANCELLED}[verb]
    assert order.steps.order_by("-id")[0].note == "出国"


def test_what_the_state_forbids_answers_conflict(client, lead, world):
    order = sale(world)
    post(client, order, "cancel", note="x")
    for verb in ("extend", "cancel", "ask"):
        assert post(client, order, verb, note="x").status_code == 409
    assert client.post(reverse("callbacks:trial_verb", args=[order.pk, "explode"])).status_code == 404


def test_lead_asks_at_once_and_by_message(client, lead, world):
    order = sale(world, back=5)
    text_version = world.text()
    assert open_question(order).due_at > timezone.now()
    assert post(client, order, "ask").status_code == 302
    assert open_question(order).due_at <= timezone.now()
    # No consent to SMS: the reason is said on the page.
    answer = post(client, order, "message", text=text_version.pk)
    assert answer.status_code == 422
    assert open_question(order).message_id is None


def test_api_lists_trials_and_shows_one_with_its_evidence(client, lead, world):
    order, other = sale(world), sale(World())
    call = world.answer(order, now=timezone.now()).call
    listed = client.get("/api/v1/trials/", {"state": "confirmed1"}).json()["results"]
    assert [row["id"] for row in listed] == [order.pk]
    shown = client.get(f"/api/v1/trials/{order.pk}/").json()
    assert (shown["state"], shown["first_call"], shown["billed_on"]) == ("confirmed1", call.pk, None)
    assert [(one["place"], one["accepted"], one["call"]) for one in shown["confirmations"]] == [
        (1, True, call.pk),
        (2, False, None),
    ]
    assert shown["confirmations"][0]["criteria"] == list(CRITERIA)
    assert client.get(f"/api/v1/trials/{other.pk}/").status_code == 404


def send(client, order, verb, **data):
    return client.post(
        f"/api/v1/trials/{order.pk}/{verb}/", json.dumps(data), content_type="application/json"
    )


def test_api_records_an_answer_and_refuses_one_without_evidence(client, lead, world):
    order = sale(world)
    call = world.call(order.account.customer, "DONE", now=timezone.now())
    bare = {"answer": "continue", "criteria": list(CRITERIA)}
    answer = send(client, order, "answer", **bare)
    assert (answer.status_code, "evidence" in answer.json()["fields"]) == (422, True)
    for nonsense in ({"call": 2**70}, {"call": "x"}, {"criteria": "x"}, {"answer": 7}):
        assert send(client, order, "answer", **bare | {"call": call.pk} | nonsense).status_code in (400, 422)
    answer = send(client, order, "answer", **bare, call=call.pk)
    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed1")
    answer = send(client, order, "answer", **bare, call=call.pk)
    assert answer.status_code == 422
    assert send(client, order, "extend", note="x").json()["state"] == "extended"
    assert send(client, order, "extend", note="x").status_code == 409


def test_the_order_page_leads_to_its_trial(client, lead, world):
    order = sale(world)
    page = text(client.get(reverse("callbacks:order", args=[order.pk])))
    assert reverse("callbacks:trial", args=[order.pk]) in page
    assert "All criteria are met" not in page
