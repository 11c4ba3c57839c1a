"""Segments on the pages of policies and quotas, and what may still be done with a segment in use (CAM-2, CAM-3, CUS-5)."""

import pytest
from django.urls import reverse

from callcenter.errors import Refused
from campaigns import actions, queries
from campaigns.models import Policy, QuotaLine
from campaigns.tests.make import NOW, make_campaign, make_policy, make_team, make_user
from campaigns.tests.test_pages import policy_data
from customers import actions as archive
from customers.models import Contact, Segment
from customers.tests.make import make_client, make_customer
from customers.tests.segments import KEY, definition, make_segment

pytestmark = pytest.mark.django_db
LEVEL = {"kind": "level", "op": "one_of", "values": ["金卡"]}


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def manager(client, team):
    manager = make_user("manager", team=team)
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    return manager


@pytest.fixture
def campaign(team):
    return make_campaign(teams=[team])


def make_plan(campaign, team, by):
    return actions.create_quota_plan(campaign=campaign, team=team, name="春季", by=by, now=NOW)


def test_policy_form_offers_ones_own_and_shared_segments_of_the_client(client, manager, campaign):
    mine, shared = make_segment(by=manager), make_segment(shared=True, client=campaign.client)
    make_segment(name="别人的")
    make_segment(shared=True, client=make_client())
    form = client.get(reverse("campaigns:policy_new", args=[campaign.pk])).context["form"]
    assert set(form.fields["segment"].queryset) == {mine, shared}


def test_policy_is_saved_with_its_segment_and_shows_it(client, manager, campaign):
    segment = make_segment(by=manager, name="高价值")
    address = reverse("campaigns:policy_new", args=[campaign.pk])
    assert client.post(address, policy_data(segment=segment.pk)).status_code == 302
    assert Policy.objects.get().segment == segment
    page = client.get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    assert "segment: 高价值" in page
    assert reverse("customers:segment", args=[segment.pk]) in page


@pytest.mark.parametrize("value", ["private", "other client", "999999", "x", "9" * 40])
def test_segment_that_is_not_offered_is_not_taken(client, manager, campaign, value):
    values = {
        "private": make_segment().pk,
        "other client": make_segment(shared=True, client=make_client()).pk,
    }
    address = reverse("campaigns:policy_new", args=[campaign.pk])
    response = client.post(address, policy_data(segment=values.get(value, value)))
    assert "segment" in response.context["form"].errors
    assert not Policy.objects.exists()


def test_policy_keeps_a_segment_its_editor_could_not_choose(client, manager, campaign):
    policy = make_policy(campaign, segment=make_segment())
    address = reverse("campaigns:policy", args=[policy.pk])
    assert client.post(address, policy_data(segment=policy.segment_id, window="7")).status_code == 302
    policy.refresh_from_db()
    assert (policy.window, policy.segment is not None) == (7, True)


def test_actions_refuse_a_segment_of_another_client(manager, campaign, team):
    foreign = make_segment(client=make_client())
    with pytest.raises(Refused) as caught:
        actions.save_policy(
            campaign=campaign, by=manager, now=NOW, name="x", event_kind="claim", segment=foreign
        )
    assert caught.value.code == "segment_client"
    with pytest.raises(Refused):
        actions.add_quota_line(plan=make_plan(campaign, team, manager), wanted=1, segment=foreign)


def test_copied_campaign_keeps_the_segments_of_its_policies(manager, campaign):
    policy = make_policy(campaign, segment=make_segment())
    copy = actions.copy_campaign(campaign=campaign, code="COPY", name="copy", by=manager, now=NOW)
    assert copy.policies.get().segment == policy.segment


def test_quota_line_is_counted_with_its_segment_and_shows_it(client, manager, campaign, team):
    plan = make_plan(campaign, team, manager)
    segment = make_segment(KEY, by=manager, name="高价值")
    make_customer(client=campaign.client, team=team, key_customer=True)
    recent = make_customer(client=campaign.client, team=team, key_customer=True)
    make_customer(client=campaign.client, team=team)
    make_customer(client=campaign.client, team=make_team(), key_customer=True)
    fresh = make_segment({"kind": "contact", "op": "not_within", "days": 3}, by=manager)
    Contact.objects.create(customer=recent, channel="phone", purpose="service", at=NOW)
    address = reverse("campaigns:quota", args=[plan.pk])
    assert client.post(address, {"segment": segment.pk, "wanted": 9}).status_code == 302
    actions.add_quota_line(plan=plan, wanted=9, segment=fresh)
    actions.add_quota_line(plan=plan, wanted=9)
    assert [row.available for row in queries.quota_lines(plan, now=NOW)] == [2, 2, 3]
    assert "segment: 高价值" in client.get(address).content.decode()


@pytest.mark.parametrize("user_of_it", ["policy", "quota"])
def test_segment_in_use_is_neither_deleted_nor_given_other_conditions(
    client, manager, campaign, team, user_of_it
):
    segment = make_segment(by=manager)
    if user_of_it == "policy":
        make_policy(campaign, segment=segment, name="季度回访")
    else:
        actions.add_quota_line(plan=make_plan(campaign, team, manager), wanted=1, segment=segment)
    values = {"segment": segment, "version": 1, "by": manager, "now": NOW}
    for refused in (
        lambda: archive.delete_segment(segment=segment, by=manager, now=NOW),
        lambda: archive.update_segment(**values, name="x", definition=definition(LEVEL)),
        lambda: archive.update_segment(
            **values, name="x", definition=definition(KEY), client=campaign.client
        ),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code == "segment_in_use"
    assert archive.update_segment(**values, name="新名", definition=definition(KEY)).name == "新名"
    response = client.post(reverse("customers:segment_delete", args=[segment.pk]))
    assert response.status_code == 422
    assert ("季度回访" if user_of_it == "policy" else "春季") in response.content.decode()
    page = client.get(reverse("customers:segment", args=[segment.pk])).content.decode()
    assert ("季度回访" if user_of_it == "policy" else "春季") in page
    assert Segment.objects.filter(pk=segment.pk).exists()
    Policy.objects.all().delete()
    QuotaLine.objects.all().delete()
    assert client.post(reverse("customers:segment_delete", args=[segment.pk])).status_code == 302


def test_uses_out_of_scope_are_counted_but_not_named(client, manager):
    segment = make_segment(by=manager)
    make_policy(make_campaign(), segment=segment, name="别家的策略")
    response = client.post(reverse("customers:segment_delete", args=[segment.pk]))
    assert response.status_code == 422
    assert "别家的策略" not in response.content.decode()
    assert "别家的策略" not in client.get(reverse("customers:segment", args=[segment.pk])).content.decode()
