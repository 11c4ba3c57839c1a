from datetime import date

import pytest
from django.urls import reverse

from callcenter.access import Role
from campaigns.catalogue import PRESETS
from campaigns.models import Account, Campaign, Policy, Script, ScriptVersion, Target
from campaigns.tests.make import (
    NOW,
    make_calendar,
    make_campaign,
    make_client,
    make_policy,
    make_script,
    make_script_version,
    make_team,
    make_user,
    make_version,
    texts,
)
from customers.tests.make import make_customer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def manager(client, unit):
    user = make_user("manager", unit=unit)
    client.force_login(user)
    return user


@pytest.fixture
def team(unit):
    return make_team(unit=unit)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("campaigns:list", 7), ("campaigns:scripts", 7)])
def test_lists_cost_the_same_at_one_and_three_rows(
    client, manager, team, django_assert_num_queries, count, name, queries
):
    for _number in range(count):
        make_campaign(teams=[team, make_team()], script=make_script_version(make_script(make_client())))
    with django_assert_num_queries(queries):
        response = client.get(reverse(name))
    assert len(response.context["page"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_detail_costs_the_same_at_one_and_three_policies(
    client, manager, team, django_assert_num_queries, count
):
    campaign = make_campaign(teams=[team], created_by=manager, script=make_script_version())
    for number in range(count):
        make_policy(campaign)
        Target.objects.create(
            metric="completed_rate",
            campaign=campaign,
            valid_from=date(2026, 11, 1 + number),
            value="0.6",
            team=team,
        )
        campaign.steps.create(from_state="", to_state="draft", at=NOW, by=manager)
    with django_assert_num_queries(13):
        response = client.get(reverse("campaigns:campaign", args=[campaign.pk]))
    assert len(response.context["policies"]) == len(response.context["targets"]) == count
    assert "60.0 %" in response.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.DEPARTMENT)])
def test_who_reaches_the_management_pages(client, role):
    customer = make_client() if role == Role.CLIENT else None
    client.force_login(make_user(role, client=customer))
    campaign = make_campaign(client=make_client())
    found = {
        name: client.get(reverse(f"campaigns:{name}", args=args)).status_code
        for name, args in [
            ("list", []),
            ("campaign", [campaign.pk]),
            ("campaign_new", []),
            ("campaign_edit", [campaign.pk]),
            ("scripts", []),
            ("script_new", []),
        ]
    }
    reads, writes = role in (Role.LEAD, Role.MANAGER, Role.CLIENT), role == Role.MANAGER
    reads_scripts = reads or role in (Role.TRAINER, Role.QA, Role.QA_SUPERVISOR)
    assert found == {
        "list": 200 if reads else 403,
        "campaign": 404 if reads else 403,
        "campaign_new": 200 if writes else 403,
        "campaign_edit": 404 if writes else 403,
        "scripts": 200 if reads_scripts else 403,
        "script_new": 200 if role in (Role.MANAGER, Role.TRAINER) else 403,
    }


def test_observer_sees_only_the_campaigns_of_the_own_client(client):
    own = make_client()
    mine, other = make_campaign(client=own, state="running"), make_campaign()
    make_policy(mine)
    client.force_login(make_user("client", client=own))
    assert [row.pk for row in client.get(reverse("campaigns:list")).context["page"]] == [mine.pk]
    page = client.get(reverse("campaigns:campaign", args=[mine.pk]))
    assert page.context["verbs"] == []
    assert "<form" not in page.content.decode().split("<main", 1)[1]
    assert client.get(reverse("campaigns:campaign", args=[other.pk])).status_code == 404
    assert client.post(reverse("campaigns:campaign_move", args=[mine.pk, "pause"])).status_code == 403


def test_lead_sees_the_campaigns_of_the_own_team(client):
    team = make_team()
    mine = make_campaign(teams=[team])
    make_campaign()
    client.force_login(make_user("lead", team=team))
    assert [row.pk for row in client.get(reverse("campaigns:list")).context["page"]] == [mine.pk]
    assert client.post(reverse("campaigns:campaign_move", args=[mine.pk, "approve"])).status_code == 403


def campaign_data(team, **changes):
    calendar = make_calendar()
    values = {
        "client": make_client().pk,
        "name": "理赔回访",
        "code": "SAT-1",
        "kind": "satisfaction",
        "purpose": "service",
        "starts_on": "2026-11-01",
        "ends_on": "",
        "calendar": calendar.pk,
        "teams": [team.pk],
        "questionnaire": make_version("scale5").pk,
        "script": "",
        "priority": "5",
        "max_attempts": "3",
        "wrap_up_mode": "forced",
        "daily_target": "80",
        "guide_seconds": "90",
        "trial_days": "0",
    }
    return values | changes


def test_campaign_goes_from_form_to_running_with_a_second_person(client, manager, team, unit):
    response = client.post(reverse("campaigns:campaign_new"), campaign_data(team))
    campaign = Campaign.objects.get()
    assert response.url == reverse("campaigns:campaign", args=[campaign.pk])
    approve = reverse("campaigns:campaign_move", args=[campaign.pk, "approve"])
    assert client.post(approve).status_code == 422
    client.force_login(make_user("manager", unit=unit))
    assert client.post(approve, {"note": "checked"}).status_code == 302
    start = reverse("campaigns:campaign_move", args=[campaign.pk, "start"])
    assert client.post(start).status_code == 302
    assert client.post(start).status_code == 409
    page = client.get(reverse("campaigns:campaign", args=[campaign.pk]))
    assert [name for name, _verb in page.context["verbs"]] == ["pause", "finish"]
    assert [step.note for step in page.context["steps"]][1] == "checked"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"name": ""}, "name"),
        ({"priority": "0"}, "priority"),
        ({"priority": "10"}, "priority"),
        ({"max_attempts": "0"}, "max_attempts"),
        ({"daily_target": "9" * 30}, "daily_target"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"ends_on": "2026-10-01"}, "ends_on"),
        ({"teams": []}, "teams"),
        ({"teams": ["x", "999999999999999999999999"]}, "teams"),
        ({"client": "9" * 40}, "client"),
        ({"kind": "nonsense"}, "kind"),
        ({"script": "😀"}, "script"),
    ],
)
def test_wrong_campaign_is_shown_again_with_the_reason(client, manager, team, changes, field):
    response = client.post(reverse("campaigns:campaign_new"), campaign_data(team, **changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Campaign.objects.exists()


def test_running_campaign_changes_only_how_it_is_worked(client, manager, team):
    campaign = make_campaign(state="running", teams=[team], name="Old")
    address = reverse("campaigns:campaign_edit", args=[campaign.pk])
    data = campaign_data(team, name="New", priority="1", questionnaire=campaign.questionnaire_id)
    assert client.post(address, data).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.priority) == ("Old", 1)


def test_editing_keeps_the_teams_beyond_the_editors_scope(client, manager, team):
    stranger, second = make_team(), make_team(unit=team.unit)
    campaign = make_campaign(teams=[team, stranger])
    data = campaign_data(team, teams=[second.pk], questionnaire=campaign.questionnaire_id)
    assert client.post(reverse("campaigns:campaign_edit", args=[campaign.pk]), data).status_code == 302
    assert set(campaign.teams.all()) == {second, stranger}


def test_finished_campaign_answers_409_to_an_edit(client, manager, team):
    campaign = make_campaign(state="finished", teams=[team])
    data = campaign_data(team, questionnaire=campaign.questionnaire_id)
    assert client.post(reverse("campaigns:campaign_edit", args=[campaign.pk]), data).status_code == 409


def test_copy_is_a_draft_of_its_own(client, manager, team):
    campaign = make_campaign(state="running", teams=[team])
    address = reverse("campaigns:campaign_copy", args=[campaign.pk])
    taken = client.post(address, {"name": "Copy", "code": campaign.code})
    assert "code" in taken.context["form"].errors
    response = client.post(address, {"name": "Copy", "code": "COPY"})
    copy = Campaign.objects.get(code="COPY")
    assert (response.url, copy.state) == (reverse("campaigns:campaign", args=[copy.pk]), "draft")


def policy_data(**changes):
    values = {
        "name": "Repair",
        "event_kind": "repair",
        "every_months": "0",
        "coverage_percent": "50",
        "minimum_per_stratum": "0",
        "start_delay_days": "0",
        "window": "14",
        "window_unit": "days",
        "priority": "5",
        "channel": "phone",
        "fallback_channel": "",
        "fallback_days": "3",
        "active": "on",
    }
    return values | changes


@pytest.mark.parametrize("code", PRESETS)
def test_every_shipped_policy_can_be_saved_as_it_is_offered(client, manager, team, code):
    campaign = make_campaign(teams=[team])
    address = reverse("campaigns:policy_new", args=[campaign.pk]) + f"?preset={code}"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value is not None and value is not False}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    policy = Policy.objects.get()
    assert (policy.preset, len(policy.seed)) == (code, 16)
    for name, value in PRESETS[code].items():
        if name != "name":
            assert str(getattr(policy, name)).removesuffix(".00") == str(value)


def test_policy_shows_its_seed_and_can_be_changed(client, manager, team):
    policy = make_policy(make_campaign(teams=[team]), seed="abcdef0123456789")
    assert (
        "abcdef0123456789"
        in client.get(reverse("campaigns:campaign", args=[policy.campaign_id])).content.decode()
    )
    client.post(reverse("campaigns:policy", args=[policy.pk]), policy_data(window="7"))
    policy.refresh_from_db()
    assert (policy.window, policy.seed) == (7, "abcdef0123456789")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"coverage_percent": "101"}, "coverage_percent"),
        ({"coverage_percent": "1e9999999"}, "coverage_percent"),
        ({"coverage_percent": "NaN"}, "coverage_percent"),
        ({"window": "-1"}, "window"),
        ({"priority": "10"}, "priority"),
        ({"due_time": "25:00"}, "due_time"),
        ({"channel": "pigeon"}, "channel"),
        ({"event_kind": ""}, "event_kind"),
        ({"fact_name": "a'b"}, "fact_name"),
        ({"start_delay_days": "20"}, "window"),
        ({"key_customers_only": "on", "ordinary_only": "on"}, "__all__"),
    ],
)
def test_wrong_policy_is_shown_again_with_the_reason(client, manager, team, changes, field):
    campaign = make_campaign(teams=[team])
    response = client.post(reverse("campaigns:policy_new", args=[campaign.pk]), policy_data(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("given", "stored"), [("60 %", "0.6000"), ("0.6", "0.6000"), ("６０％", "0.6000"), ("1,200", "1200.0000")]
)
def test_target_is_read_as_people_write_it(client, manager, team, given, stored):
    campaign = make_campaign(teams=[team])
    data = {"metric": "completed_rate", "value": given, "valid_from": "2026-11-01"}
    assert client.post(reverse("campaigns:target_new", args=[campaign.pk]), data).status_code == 302
    target = Target.objects.get()
    assert str(target.value) == stored
    client.post(reverse("campaigns:target_remove", args=[target.pk]))
    assert not Target.objects.exists()


@pytest.mark.parametrize("value", ["", "abc", "-1", "1e99", "NaN", "Infinity", "%"])
def test_wrong_target_is_shown_again(client, manager, team, value):
    campaign = make_campaign(teams=[team])
    data = {"metric": "completed_rate", "value": value, "valid_from": "2026-11-01"}
    response = client.post(reverse("campaigns:target_new", args=[campaign.pk]), data)
    assert response.status_code == 200
    assert "value" in response.context["form"].errors


def test_variants_are_set_by_weights(client, manager, team):
    campaign, other = make_campaign(teams=[team]), make_version("yesno")
    address = reverse("campaigns:variants", args=[campaign.pk])
    own = f"weight_{campaign.questionnaire_id}"
    client.post(address, {own: "2", f"weight_{other.pk}": "1"})
    assert sorted(campaign.variants.values_list("weight", flat=True)) == [1, 2]
    assert client.post(address, {own: "-1"}).context["form"].errors
    client.post(address, {own: "0"})
    assert not campaign.variants.exists()


def test_counts_are_those_of_the_accounts(client, manager, team):
    campaign = make_campaign(teams=[team])
    day = date(2026, 11, 20)
    for facts in [
        {},
        {"first_called_on": day},
        {"first_called_on": day, "reached_on": day, "completed_on": day},
    ]:
        Account.objects.create(campaign=campaign, customer=make_customer(), loaded_on=day, **facts)
    address = reverse("campaigns:counts", args=[campaign.pk])
    found = client.get(address).context["counts"]
    assert found == {"loaded": 3, "called": 2, "reached": 1, "completed": 1, "sold": 0, "useless": 0}
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


def script_data(**changes):
    values = {
        "opening_zh_hans": "您好{salutation}",
        "closing_zh_hans": "再见",
        "kind": "check",
        "level": "0",
        "statement": "price",
        "wording": "",
        "text-en": "10 yuan",
    }
    return values | changes


def test_script_is_written_previewed_and_approved_by_two(client, manager, unit):
    axrs = make_client()
    response = client.post(
        reverse("campaigns:script_new"), {"name": "Claims", "code": "CLM", "client": axrs.pk}
    )
    script = Script.objects.get()
    assert response.url == reverse("campaigns:script_version_new", args=[script.pk])
    client.post(response.url, script_data())
    version = ScriptVersion.objects.get()
    assert version.statements == [{"code": "price", "text": {"en": "10 yuan"}}]
    page = reverse("campaigns:script_version", args=[version.pk])
    make_customer(client=axrs, team=make_team(unit=unit), name="欧阳静", gender="f", language="zh-hans")
    assert "您好欧阳女士" in client.get(page).content.decode()
    approve = reverse("campaigns:script_approve", args=[version.pk])
    assert client.post(approve).status_code == 422
    client.force_login(make_user("manager", unit=unit))
    assert client.post(approve).status_code == 302
    assert client.post(approve).status_code == 409
    client_approve = reverse("campaigns:script_client_approve", args=[version.pk])
    assert client.post(client_approve, {"evidence": ""}).status_code == 422
    client.force_login(make_user("client", client=axrs))
    assert client.get(page).status_code == 200
    assert client.post(client_approve).status_code == 302
    version.refresh_from_db()
    assert version.is_usable
    client.force_login(manager)
    edit = client.post(reverse("campaigns:script_version_edit", args=[version.pk]), script_data())
    assert edit.status_code == 409


def test_script_preview_shows_only_customers_in_scope(client, manager):
    version = make_script_version(opening=texts("Hello {salutation}"))
    stranger = make_customer(name="张三", gender="m")
    page = client.get(reverse("campaigns:script_version", args=[version.pk]), {"customer": stranger.pk})
    assert page.context["customers"] == []
    assert "张三" not in page.content.decode()
    assert page.context["shown"].opening == "Hello 王女士"


@pytest.mark.parametrize(
    ("changes", "field"), [({"opening_zh_hans": ""}, "opening"), ({"closing_zh_hans": "{nobody}"}, "__all__")]
)
def test_wrong_script_is_shown_again(client, manager, changes, field):
    address = reverse("campaigns:script_version_new", args=[make_script().pk])
    response = client.post(address, script_data(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_observer_sees_only_the_scripts_of_the_own_client(client):
    own = make_client()
    mine, other = make_script_version(make_script(own)), make_script_version(make_script(make_client()))
    client.force_login(make_user("client", client=own))
    assert [row.pk for row in client.get(reverse("campaigns:scripts")).context["page"]] == [mine.script_id]
    assert client.get(reverse("campaigns:script_version", args=[other.pk])).status_code == 404
    assert client.post(reverse("campaigns:script_client_approve", args=[other.pk])).status_code == 404


ONE = [
    "campaign",
    "campaign_edit",
    "campaign_copy",
    "counts",
    "policy",
    "policy_new",
    "policy_remove",
    "target_new",
]
TWO = [
    "target_remove",
    "variants",
    "script_version",
    "script_version_new",
    "script_version_edit",
    "script_approve",
]


@pytest.mark.parametrize("name", ONE + TWO)
@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_ids_that_do_not_exist_are_404(client, manager, name, pk):
    address = reverse(f"campaigns:{name}", args=[pk])
    assert client.get(address).status_code in (404, 405)
    assert client.post(address).status_code in (404, 405)


@pytest.mark.parametrize("verb", ["nonsense", "approve", "..", "😀"])
def test_unknown_verbs_and_campaigns_are_404(client, manager, verb):
    assert client.post(f"/campaigns/999999/{verb}/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?q=😀&state=x&kind=y", "?page=0", "?page=x", "?preset=x", "?customer=x", "?q=%27--"]
)
def test_nonsense_in_the_address_is_never_an_error_of_ours(client, manager, team, query):
    campaign = make_campaign(teams=[team])
    for address in [
        reverse("campaigns:list"),
        reverse("campaigns:scripts"),
        reverse("campaigns:policy_new", args=[campaign.pk]),
        reverse("campaigns:script_version", args=[make_script_version().pk]),
    ]:
        assert client.get(address + query).status_code == 200
