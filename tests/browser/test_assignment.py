"""A lead deals tasks, covers for an absent agent and takes back; a quota is released and given back; a worn-out question of
the demo is replaced. All by keyboard; the presses that a mouse would need as clicks are counted (CAM-3, CAM-4, CAM-8, CAM-9).
"""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.models import Distribution, Task
from callbacks.tests.make import make_agent
from callcenter.access import Role
from campaigns.actions import save_capacity_plan
from campaigns.models import Account, QuotaPlan
from customers.models import Customer
from customers.tests.make import make_customer, make_user
from people.models import Absence, User
from surveys.models import QuestionnaireVersion, RotationProposal
from surveys.tasks import propose_rotation
from tests.browser.make import Shift
from tests.browser.test_quality import load_demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


class Keys:
    """Presses Enter or Space on what has the focus, and counts what would be a click."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def press(self, locator, key="Enter"):
        expect(locator).to_be_visible()
        locator.focus()
        self.page.keyboard.press(key)
        self.clicks += 1


def many_tasks(shift, count):
    now = timezone.now()
    seen = Customer.objects.count()
    customers = Customer.objects.bulk_create(
        Customer(
            client=shift.client,
            unit=shift.team.unit,
            team=shift.team,
            name=f"客户{seen + number}",
            external_id=f"M{seen + number}",
            created_at=now,
            updated_at=now,
        )
        for number in range(count)
    )
    accounts = Account.objects.bulk_create(
        Account(campaign=shift.campaign, customer=customer, team=shift.team, loaded_on=now.date())
        for customer in customers
    )
    Task.objects.bulk_create(
        Task(
            campaign=shift.campaign,
            queue=shift.tasks[0].queue,
            customer=account.customer,
            account=account,
            source=f"many:{account.pk}",
            state="ready",
            rank=random.Random(account.pk).randrange(1_000),
            due_at=now - timedelta(minutes=1),
            created_at=now,
        )
        for account in accounts
    )


def test_a_thousand_tasks_for_twelve_agents_and_an_absence(page, sign_in):
    """At most five clicks from the home page to 1,000 tasks dealt, three to cover for somebody who is away."""
    shift = Shift(tasks=1)
    shift.agent.memberships.all().delete()
    agents = [make_agent(shift.team, full_name=f"坐席{number:02}") for number in range(1, 13)]
    many_tasks(shift, 999)
    lead = make_user(Role.LEAD, team=shift.team)
    sign_in(lead)
    page.goto("/")
    keys = Keys(page)
    keys.press(page.locator("nav.rail a[href='/callbacks/assign/']"))
    expect(page.locator("#unassigned")).to_have_text("1,000")
    keys.press(page.locator("#preview"))
    expect(page.locator("#moves")).to_have_text("1,000")
    expect(page.locator("tbody tr")).to_have_count(12)
    began = timezone.now()
    keys.press(page.locator("#confirm"))
    expect(page.locator("#unassigned")).to_have_text("0")
    assert (timezone.now() - began).total_seconds() < 10
    assert keys.clicks <= 5
    counts = sorted(Task.objects.filter(reserved_for=agent).count() for agent in agents)
    assert counts == [83] * 8 + [84] * 4

    page.goto("/")
    keys = Keys(page)
    keys.press(page.locator("nav.rail a[href='/callbacks/assign/']"))
    keys.press(page.locator(f"a[href*='absent={agents[3].pk}']"))
    keys.press(page.locator("#confirm"))
    expect(page.locator("tr", has_text="坐席04").locator(".badge-warn")).to_be_visible()
    assert keys.clicks == 3
    counts = [Task.objects.filter(reserved_for=agent).count() for agent in agents]
    assert counts[3] == 0
    assert sum(counts) == 1_000
    assert max(counts) - min(count for place, count in enumerate(counts) if place != 3) <= 1
    assert Absence.objects.get().user == agents[3]

    made = Distribution.objects.order_by("-id").first()
    Keys(page).press(page.locator(f"form[action$='/{made.pk}/undo/'] button"))
    expect(page.locator("main .badge-warn")).to_have_count(0)
    assert Task.objects.filter(reserved_for=agents[3]).count() in (83, 84)


def test_a_quota_is_proposed_approved_released_and_taken_back(page, sign_in):
    shift = Shift(tasks=0)
    for number in range(3):
        make_customer(client=shift.client, team=shift.team, phones=[f"+861371234567{number}"])
    lead = make_user(Role.LEAD, team=shift.team)
    officer = make_user(Role.MANAGER, team=shift.team)
    sign_in(lead)
    page.goto(f"/campaigns/{shift.campaign.pk}/quotas/")
    page.locator("#id_name").focus()
    page.keyboard.type("春季回访")
    page.locator("#id_team").select_option(str(shift.team.pk))
    page.keyboard.press("Tab")
    page.locator("#id_name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("春季回访")
    page.locator("#id_wanted").focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("2")
    plan = QuotaPlan.objects.get()
    keys = Keys(page)
    keys.press(page.locator("form[action$='/propose/'] button"))
    expect(page.locator("h1 .badge")).to_be_visible()
    sign_in(officer)
    page.goto(f"/campaigns/quotas/{plan.pk}/")
    page.on("dialog", lambda dialog: dialog.accept())
    keys.press(page.locator("form[action$='/approve/'] button"))
    keys.press(page.locator("form[action$='/release/'] button"))
    expect(page.locator("form[action$='/reclaim/'] button")).to_be_visible()
    assert Task.objects.filter(campaign=shift.campaign).count() == 2
    Task.objects.filter(pk=Task.objects.order_by("id").first().pk).update(attempts=1)
    keys.press(page.locator("form[action$='/reclaim/'] button"))
    expect(page.locator("form[action$='/reclaim/']")).to_have_count(0)
    plan.refresh_from_db()
    assert plan.state == "reclaimed"
    assert sorted(Task.objects.values_list("state", flat=True)) == ["cancelled", "planned"]
    assert Account.objects.filter(reclaimed_on__isnull=False).count() == 1


def test_an_excellent_question_of_the_demo_is_replaced(page, sign_in):
    load_demo()
    RotationProposal.objects.all().delete()
    propose_rotation.delay()
    proposal = RotationProposal.objects.select_related("questionnaire").get(question__code="CLM-ATT")
    assert (proposal.n >= 100, proposal.mean >= 4.5, proposal.low >= 4.3) == (True, True, True)
    assert proposal.replacement.direction == proposal.question.direction
    sign_in(User.objects.get(username="manager1"))
    page.goto(f"/surveys/{proposal.questionnaire_id}/rotation/")
    keys = Keys(page)
    keys.press(page.locator(f"a[href='/surveys/proposals/{proposal.pk}/']"))
    page.locator("#id_minutes").focus()
    page.keyboard.type("十一月例会:换题")
    keys.press(page.locator("button[value=accept]"))
    expect(page.locator("main")).to_contain_text("十一月例会")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by.username) == ("accepted", "manager1")
    newest = QuestionnaireVersion.objects.filter(questionnaire=proposal.questionnaire).order_by("-number")[0]
    codes = list(newest.items.values_list("question__code", flat=True))
    assert proposal.replacement.code in codes
    assert "CLM-ATT" not in codes


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_capacity_planner_draws_plan_and_actual(page, sign_in, language):
    shift = Shift(tasks=1)
    shift.manager.language = language
    today = timezone.localdate()
    shift.campaign.starts_on = today - timedelta(days=12)
    shift.campaign.save()
    Account.objects.update(completed_on=today - timedelta(days=5), attempts=4)
    save_capacity_plan(
        campaign=shift.campaign,
        by=shift.manager,
        now=timezone.now(),
        completes=40,
        connect_rate="0.6",
        connected_per_complete=10,
        dials_per_day=200,
        agents=1,
        days=10,
    )
    sign_in(shift.manager)
    page.goto(f"/campaigns/{shift.campaign.pk}/capacity/")
    expect(page.locator(".course-chart svg path").first).to_be_attached()
    expect(page.locator("#verdict .badge-good")).to_be_visible()
    page.locator("#id_days").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict .badge-bad")).to_be_visible()
