"""Every (state, action) pair of a campaign, and who may make the moves."""

from datetime import date

import pytest

from callcenter.errors import Refused
from callcenter.workflow import IllegalMove
from campaigns import actions
from campaigns.models import Campaign
from campaigns.states import CampaignState
from campaigns.tests.make import NOW, make_campaign, make_script, make_script_version, make_user, make_version

pytestmark = pytest.mark.django_db

LEGAL = {
    ("draft", "approve_campaign"): "approved",
    ("approved", "return_to_draft"): "draft",
    ("approved", "start_campaign"): "running",
    ("running", "pause_campaign"): "paused",
    ("running", "finish_campaign"): "finished",
    ("paused", "resume_campaign"): "running",
    ("paused", "finish_campaign"): "finished",
    ("finished", "reopen_campaign"): "running",
    ("finished", "archive_campaign"): "archived",
}
VERBS = sorted({verb for _state, verb in LEGAL})


@pytest.mark.parametrize("state", CampaignState.values)
@pytest.mark.parametrize("verb", VERBS)
def test_every_state_and_verb(state, verb):
    campaign = make_campaign(state=state)
    person = make_user("manager")
    if target := LEGAL.get((state, verb)):
        getattr(actions, verb)(campaign=campaign, by=person, now=NOW, note="why")
        step = campaign.steps.get()
        assert (step.from_state, step.to_state, step.by, step.at, step.note) == (
            state,
            target,
            person,
            NOW,
            "why",
        )
    else:
        with pytest.raises(IllegalMove):
            getattr(actions, verb)(campaign=campaign, by=person, now=NOW)
        assert not campaign.steps.exists()
    assert Campaign.objects.get(pk=campaign.pk).state == LEGAL.get((state, verb), state)


def test_all_legal_moves_have_a_verb():
    moves = {(source, to) for source, targets in Campaign.MOVES.items() for to in targets}
    assert moves == {(source, to) for (source, _verb), to in LEGAL.items()}


@pytest.mark.parametrize("column", ["created_by", "changed_by"])
def test_who_made_or_changed_a_campaign_cannot_approve_it(column):
    author = make_user("manager")
    campaign = make_campaign(**{column: author})
    with pytest.raises(Refused) as caught:
        actions.approve_campaign(campaign=campaign, by=author, now=NOW)
    assert caught.value.code == "second_person"
    approver = make_user("manager")
    actions.approve_campaign(campaign=campaign, by=approver, now=NOW)
    campaign.refresh_from_db()
    assert (campaign.approved_by, campaign.approved_at) == (approver, NOW)


def test_returning_to_draft_takes_the_approval_back():
    campaign = make_campaign(state="approved", approved_by=make_user("manager"), approved_at=NOW)
    actions.return_to_draft(campaign=campaign, by=make_user("manager"), now=NOW)
    campaign.refresh_from_db()
    assert (campaign.approved_by, campaign.approved_at) == (None, None)


def test_draft_questionnaire_keeps_a_campaign_from_approval():
    campaign = make_campaign(questionnaire=make_version("scale5", published=False))
    with pytest.raises(Refused) as caught:
        actions.approve_campaign(campaign=campaign, by=make_user("manager"), now=NOW)
    assert caught.value.code == "questionnaire_draft"


@pytest.mark.parametrize("half", ["nobody", "operations"])
def test_script_without_both_approvals_keeps_a_campaign_from_approval(half):
    campaign = make_campaign()
    script = make_script(client=campaign.client)
    campaign.script = make_script_version(
        script, approved=False, approved_at=NOW if half == "operations" else None
    )
    campaign.save()
    with pytest.raises(Refused) as caught:
        actions.approve_campaign(campaign=campaign, by=make_user("manager"), now=NOW)
    assert caught.value.code == "script_not_approved"


def test_starting_freezes_the_questionnaire():
    campaign = make_campaign(state="approved")
    actions.start_campaign(campaign=campaign, by=make_user("manager"), now=NOW)
    campaign.questionnaire.refresh_from_db()
    assert campaign.questionnaire.frozen_at == NOW


@pytest.mark.parametrize(
    ("state", "verb"),
    [("approved", "start_campaign"), ("paused", "resume_campaign"), ("finished", "reopen_campaign")],
)
def test_campaign_whose_last_day_is_over_does_not_run(state, verb):
    campaign = make_campaign(state=state, ends_on=date(2026, 11, 19))
    with pytest.raises(Refused) as caught:
        getattr(actions, verb)(campaign=campaign, by=make_user("manager"), now=NOW)
    assert caught.value.code == "campaign_over"
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=date(2026, 11, 20))
    campaign.refresh_from_db()
    getattr(actions, verb)(campaign=campaign, by=make_user("manager"), now=NOW)
    assert campaign.state == "running"
