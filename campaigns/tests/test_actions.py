from datetime import date

import pytest

from callcenter.errors import Conflict, Refused
from campaigns import actions, queries
from campaigns.models import Campaign, Policy, Target
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
from customers.tests.make import make_customer

pytestmark = pytest.mark.django_db


def fields(**changes):
    values = {
        "client": make_client(),
        "name": "Claims",
        "code": "SAT",
        "kind": "satisfaction",
        "starts_on": date(2026, 11, 1),
        "calendar": make_calendar(),
    }
    return values | changes


def test_created_campaign_is_its_authors_draft_with_a_first_step():
    author, team = make_user("manager"), make_team()
    campaign = actions.create_campaign(by=author, now=NOW, teams=[team], **fields())
    assert (campaign.state, campaign.created_by, list(campaign.teams.all())) == ("draft", author, [team])
    assert campaign.steps.get().to_state == "draft"


@pytest.mark.parametrize(
    ("changes", "teams", "code"),
    [
        ({}, False, "no_team"),
        ({"ends_on": date(2026, 10, 31)}, True, "dates"),
        ({"code": "TAKEN"}, True, "code_taken"),
    ],
)
def test_wrong_campaign_is_refused_whole(changes, teams, code):
    make_campaign(code="TAKEN")
    before = Campaign.objects.count()
    with pytest.raises(Refused) as caught:
        actions.create_campaign(
            by=make_user("manager"), now=NOW, teams=[make_team()] if teams else [], **fields(**changes)
        )
    assert caught.value.code == code
    assert Campaign.objects.count() == before


def test_draft_can_be_changed_wholly_and_remembers_who_did():
    editor = make_user("manager")
    campaign = actions.edit_campaign(campaign=make_campaign(), by=editor, now=NOW, name="New", kind="dunning")
    assert (campaign.name, campaign.kind, campaign.changed_by) == ("New", "dunning", editor)


@pytest.mark.parametrize("state", ["approved", "running", "paused"])
def test_what_was_approved_stays_but_how_it_is_worked_may_change(state):
    campaign = make_campaign(state=state)
    with pytest.raises(Refused) as caught:
        actions.edit_campaign(
            campaign=campaign, by=make_user("manager"), now=NOW, purpose="sales", priority=1
        )
    assert caught.value.code == "fixed_since_approval"
    version = make_version("yesno")
    changed = actions.edit_campaign(
        campaign=campaign,
        by=make_user("manager"),
        now=NOW,
        priority=1,
        questionnaire=version,
        name=campaign.name,
    )
    assert (changed.priority, changed.questionnaire) == (1, version)


@pytest.mark.parametrize("state", ["finished", "archived"])
def test_closed_campaign_no_longer_changes(state):
    campaign = make_campaign(state=state)
    with pytest.raises(Conflict):
        actions.edit_campaign(campaign=campaign, by=make_user("manager"), now=NOW, priority=1)
    with pytest.raises(Conflict):
        actions.save_policy(
            campaign=campaign, by=make_user("manager"), now=NOW, name="x", event_kind="repair"
        )


def test_running_campaign_cannot_be_given_a_draft_questionnaire():
    with pytest.raises(Refused) as caught:
        actions.edit_campaign(
            campaign=make_campaign(state="running"),
            by=make_user("manager"),
            now=NOW,
            questionnaire=make_version("text", published=False),
        )
    assert caught.value.code == "questionnaire_draft"


def test_copy_takes_settings_policies_and_targets_but_new_seeds():
    campaign = make_campaign(state="running", approved_by=make_user("manager"), priority=2)
    policy = make_policy(campaign, applied_through=NOW)
    Target.objects.create(
        metric="completed_rate", campaign=campaign, valid_from=date(2026, 11, 1), value="0.6"
    )
    version = make_version("text")
    actions.set_variants(campaign=campaign, weights={version: 2}, by=make_user("manager"), now=NOW)
    author = make_user("manager")
    copy = actions.copy_campaign(campaign=campaign, code="COPY", name="Copy", by=author, now=NOW)
    assert (copy.state, copy.created_by, copy.approved_by, copy.priority) == ("draft", author, None, 2)
    copied = copy.policies.get()
    assert (copied.event_kind, copied.applied_through) == (policy.event_kind, None)
    assert copied.seed != policy.seed
    assert copy.targets.get().value == campaign.targets.get().value
    assert copy.variants.get().version == version
    assert (campaign.policies.count(), campaign.targets.count()) == (1, 1)


def test_new_policies_have_seeds_of_their_own():
    campaign, author = make_campaign(), make_user("manager")
    made = [
        actions.save_policy(campaign=campaign, by=author, now=NOW, name=name, event_kind="repair")
        for name in "ab"
    ]
    assert len({policy.seed for policy in made}) == 2
    assert all(len(policy.seed) == 16 for policy in made)
    changed = actions.save_policy(campaign=campaign, policy=made[0], by=author, now=NOW, window=3)
    assert changed.seed == made[0].seed


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"event_kind": ""}, "trigger"),
        ({"every_months": 3}, "trigger"),
        ({"key_customers_only": True, "ordinary_only": True}, "customers"),
        ({"start_delay_days": 5, "window": 3}, "window"),
    ],
)
def test_policy_that_contradicts_itself_is_refused(changes, code):
    values = {"name": "x", "event_kind": "repair"} | changes
    with pytest.raises(Refused) as caught:
        actions.save_policy(campaign=make_campaign(), by=make_user("manager"), now=NOW, **values)
    assert caught.value.code == code


def test_applied_policy_is_switched_off_rather_than_deleted():
    fresh, applied = make_policy(), make_policy(applied_through=NOW)
    for policy in (fresh, applied):
        actions.remove_policy(policy=policy, by=make_user("manager"), now=NOW)
    assert list(Policy.objects.values_list("pk", "active")) == [(applied.pk, False)]


def test_script_version_needs_texts_and_known_fields():
    script, author = make_script(), make_user("manager")
    with pytest.raises(Refused) as caught:
        actions.save_script_version(script=script, by=author, now=NOW, opening={}, closing=texts("bye"))
    assert caught.value.code == "no_text"
    with pytest.raises(Refused, match="{surname}"):
        actions.save_script_version(
            script=script, by=author, now=NOW, opening=texts("Hello {surname}"), closing=texts("bye")
        )
    version = actions.save_script_version(
        script=script, by=author, now=NOW, opening=texts("Hello {salutation}"), closing=texts("bye")
    )
    assert (version.number, version.is_draft, version.is_usable) == (1, True, False)


def test_script_is_approved_by_a_second_person_and_by_the_client():
    author, second, client = make_user("manager"), make_user("manager"), make_client()
    version = make_script_version(make_script(client), approved=False, created_by=author)
    with pytest.raises(Refused) as caught:
        actions.approve_script(version=version, by=author, now=NOW)
    assert caught.value.code == "second_person"
    version = actions.approve_script(version=version, by=second, now=NOW)
    assert not version.is_usable
    with pytest.raises(Refused) as caught:
        actions.approve_script_for_client(
            version=version, by=make_user("client", client=make_client()), now=NOW
        )
    assert caught.value.code == "no_evidence"
    version = actions.approve_script_for_client(
        version=version, by=make_user("client", client=client), now=NOW
    )
    assert version.is_usable
    for verb in (actions.approve_script, actions.approve_script_for_client):
        with pytest.raises(Conflict):
            verb(version=version, by=make_user("client", client=client), now=NOW)


def test_approved_script_version_no_longer_changes():
    version = make_script_version()
    with pytest.raises(Conflict):
        actions.save_script_version(
            script=version.script, version=version, by=make_user("manager"), now=NOW, opening=texts("x")
        )


def test_script_is_rendered_in_the_customers_language():
    version = make_script_version(
        opening={"zh-hans": "您好{salutation}，这里是{client}", "en": "Hello {salutation}, this is {client}"},
        legal_opening={"en": "Legal notice, {salutation}"},
        statements=[{"code": "price", "text": texts("{product}: 10 yuan")}],
    )
    campaign = make_campaign(script=version)
    customer = make_customer(name="王芳", gender="f", language="en")
    shown = queries.rendered_script(campaign=campaign, customer=customer, agent=None, product="Plan A")
    assert shown.opening == f"Hello Ms 王, this is {campaign.client.name}"
    assert [str(statement) for statement in shown.statements] == ["Plan A: 10 yuan"]
    customer.language = "zh-hans"
    assert queries.rendered_script(campaign=campaign, customer=customer, agent=None).opening.startswith(
        "您好王女士"
    )
    customer.language = "en"
    overdue = queries.rendered_script(campaign=campaign, customer=customer, agent=None, debt_days=100)
    assert overdue.opening == "Legal notice, Ms 王"


def test_campaign_without_a_script_still_has_a_salutation():
    customer = make_customer(name="张伟", gender="m", language="zh-hans")
    shown = queries.rendered_script(campaign=make_campaign(), customer=customer, agent=None)
    assert (shown.salutation, shown.opening) == ("张先生", "")


def test_variants_share_the_customers_of_a_campaign():
    campaign = make_campaign()
    assert queries.questionnaire_for(campaign, 1) == campaign.questionnaire
    one, two = make_version("text"), make_version("yesno")
    actions.set_variants(campaign=campaign, weights={one: 1, two: 1}, by=make_user("manager"), now=NOW)
    found = [queries.questionnaire_for(campaign, customer) for customer in range(40)]
    assert {version.pk for version in found} == {one.pk, two.pk}
    with pytest.raises(Refused):
        actions.set_variants(
            campaign=campaign, weights={make_version("text", published=False): 1}, by=None, now=NOW
        )
