"""The pages of issues, focus issues and complaints: scope, queries, forms."""

from datetime import timedelta

import pytest
from django.urls import reverse

from callcenter.access import Role
from callcenter.tests.access_matrix import CLIENT
from complaints.actions import answer_issue, close_second_contact, open_second_contacts
from complaints.models import Complaint, Issue
from complaints.queries.complaints import TABS as COMPLAINT_TABS
from complaints.queries.issues import TABS
from complaints.tests.make import (
    contact_of,
    make_complaint,
    make_department,
    make_floor,
    make_issue,
    make_point,
)
from complaints.tests.test_focus import make_focus
from complaints.tests.test_moves import WAY, State, make_complaint_in
from complaints.tests.test_second_contacts import DUE, make_second_call
from customers.tests.make import NOW, make_team, make_user

pytestmark = pytest.mark.django_db


def get(client, user, name, *args, query="", **kwargs):
    client.force_login(user)
    return client.get(reverse(f"complaints:{name}", args=args) + query, **kwargs)


def post(client, user, name, *args, **values):
    client.force_login(user)
    return client.post(reverse(f"complaints:{name}", args=args), values)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("tab", list(TABS))
def test_issue_list_needs_the_same_queries_for_any_number_of_rows(
    client, django_assert_num_queries, count, tab
):
    floor = make_floor()
    issues = [make_issue(floor, now=NOW) for _number in range(count)]
    Issue.objects.update(urgency=tab if tab in Issue.Urgency.values else "urgent")
    if tab in ("focus", "solved"):
        Issue.objects.update(state=tab, level_due_at=None, warn_at=None)
    if tab == "level3":
        for issue in issues:
            issue.second_contacts.update(state="blocked")
    client.force_login(floor.manager)
    address = reverse("complaints:issues") + f"?tab={tab}"
    # Session, person, memberships, units; unread bell; two filter lists; the rows.
    with django_assert_num_queries(8):
        response = client.get(address)
    assert [f"#{issue.pk}" in response.text for issue in issues] == [True] * count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("tab", ["open", "mine"])
def test_complaint_list_needs_the_same_queries_for_any_number_of_rows(
    client, django_assert_num_queries, count, tab
):
    floor = make_floor()
    complaints = [make_complaint(floor) for _number in range(count)]
    client.force_login(floor.handler)
    address = reverse("complaints:list") + f"?tab={tab}"
    with django_assert_num_queries(6):
        response = client.get(address)
    assert [str(complaint) in response.text for complaint in complaints] == [True] * count


@pytest.mark.parametrize("tab", list(COMPLAINT_TABS))
def test_complaint_tabs_hold_what_they_say(client, tab):
    floor = make_floor()
    found = {state: make_complaint_in(floor, state) for state in WAY}
    response = get(client, floor.approver, "list", query=f"?tab={tab}")
    shown = {state for state, complaint in found.items() if f">{complaint}<" in response.text}
    everything = set(WAY)
    expected = {
        "open": everything - {State.ARCHIVED},
        "mine": set(),
        "approval": {State.PROPOSED},
        "callback": {State.CARRIED_OUT, State.UNFOUNDED},
        "overdue": everything - {State.ARCHIVED},
        "archived": {State.ARCHIVED},
    }
    assert shown == expected[tab]


def outsiders(floor):
    """People of every kind whose scope ends elsewhere."""
    team, department = make_team(), make_department()
    return {
        "other lead": make_user(Role.LEAD, team=team),
        "other handler": make_user(Role.COMPLAINT, unit=team.unit),
        "other manager": make_user(Role.MANAGER, unit=team.unit),
        "other agent": make_user(Role.AGENT, team=floor.team),
        "other department": contact_of(department, 4),
    }


def test_other_teams_departments_and_agents_see_nothing(client):
    floor = make_floor()
    issue, complaint = make_issue(floor), make_complaint(floor)
    for who, user in outsiders(floor).items():
        assert get(client, user, "issue", issue.pk).status_code == 404, who
        listed = get(client, user, "issues").text
        assert f"#{issue.pk}<" not in listed, who
        assert issue.customer.name not in listed, who
        if user.scope().has(Role.AGENT):
            continue
        assert get(client, user, "detail", complaint.pk).status_code == 404, who
        assert complaint.customer.name not in get(client, user, "list").text, who
    assert get(client, floor.agent, "issue", issue.pk).status_code == 200
    assert get(client, contact_of(floor.department, 1), "issue", issue.pk).status_code == 200


def test_customer_issues_fragment_shows_only_to_who_reaches_the_customer(client):
    floor = make_floor()
    issue = make_issue(floor)
    for who, user in outsiders(floor).items():
        shown = get(client, user, "customer_issues", issue.customer_id).text
        assert f"#{issue.pk}<" not in shown, who
    assert f"#{issue.pk}<" in get(client, floor.lead, "customer_issues", issue.customer_id).text


def test_every_part_of_an_issue_page_is_drawn(client):
    floor = make_floor()
    contact, _task = make_second_call(floor, solved=True)
    page = get(client, floor.lead, "issue", contact.issue_id)
    assert page.status_code == 200
    assert page.text.count('class="history"') == 1
    assert "结果" in page.text
    assert reverse("complaints:contact_allow", args=[contact.pk]) in page.text


def test_department_answers_by_the_page_only_for_itself(client):
    floor = make_floor()
    issue = make_issue(floor)
    assert post(client, floor.lead, "issue_answer", issue.pk, text="代答", solved="yes").status_code == 403
    other = contact_of(make_department(), 1)
    assert post(client, other, "issue_answer", issue.pk, text="代答", solved="yes").status_code == 404
    own = contact_of(floor.department, 1)
    assert post(client, own, "issue_answer", issue.pk, text=" ", solved="yes").status_code == 422
    assert post(client, own, "issue_answer", issue.pk, text="已赔付", solved="yes").status_code == 302
    assert issue.answers.get().solved is True


def test_level_that_was_passed_is_told_so(client):
    floor = make_floor()
    issue = make_issue(floor)
    Issue.objects.filter(pk=issue.pk).update(level=2)
    own = contact_of(floor.department, 1)
    assert "issue_answer" not in get(client, own, "issue", issue.pk).text
    response = post(client, own, "issue_answer", issue.pk, text="晚了", solved="no")
    assert (response.status_code, issue.answers.count()) == (422, 0)


def test_lead_closes_reopens_forwards_and_plans_by_the_page(client):
    floor = make_floor()
    issue, other = make_issue(floor, major=False), make_department()
    assert post(client, floor.lead, "issue_verb", issue.pk, "send", department=other.pk).status_code == 302
    assert post(client, floor.lead, "issue_verb", issue.pk, "contact").status_code == 302
    assert post(client, floor.lead, "issue_verb", issue.pk, "solve", note="好").status_code == 409
    issue.second_contacts.update(state="cancelled")
    assert post(client, floor.lead, "issue_verb", issue.pk, "solve", note="").status_code == 422
    assert post(client, floor.lead, "issue_verb", issue.pk, "solve", note="已退").status_code == 302
    assert post(client, floor.lead, "issue_verb", issue.pk, "reopen", note="又来").status_code == 302
    assert post(client, floor.lead, "issue_verb", issue.pk, "explode").status_code == 404
    issue.refresh_from_db()
    assert (issue.state, issue.department) == ("reopened", other)


def test_allowing_another_outcome_by_the_page(client):
    floor = make_floor()
    contact, _task = make_second_call(floor, solved=True)
    assert post(client, floor.agent, "contact_allow", contact.pk, reason="要").status_code == 403
    assert post(client, floor.lead, "contact_allow", contact.pk, reason="").status_code == 422
    assert post(client, floor.lead, "contact_allow", contact.pk, reason="客户有凭证").status_code == 302
    contact.refresh_from_db()
    assert contact.override_by == floor.lead


def test_new_issue_and_new_complaint_by_the_page(client):
    floor = make_floor()
    made = make_issue(floor)
    customer = made.customer
    page = get(client, floor.lead, "issue_new", query=f"?customer={customer.pk}")
    number = page.context["form"]["client_uuid"].value()
    values = {
        "customer": customer.pk,
        "problem_point": floor.point.pk,
        "urgency": "important",
        "description": "来信投诉",
        "client_uuid": number,
    }
    for _again in range(2):
        assert post(client, floor.lead, "issue_new", **values).status_code == 302
    assert Issue.objects.filter(origin="staff").count() == 1
    values = {
        "customer": customer.pk,
        "issue": made.pk,
        "channel": "letter",
        "content": "要求道歉",
        "term": "simple",
        "client_uuid": number,
    }
    assert post(client, floor.handler, "new", **values).status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.issue, complaint.handler) == (made, floor.handler)
    foreign = make_floor().customer()
    assert post(client, floor.handler, "new", **values | {"customer": foreign.pk}).status_code == 422


def test_whole_procedure_by_the_pages(client):
    floor = make_floor()
    complaint = make_complaint(floor)
    promised = "2099-01-01T10:00"
    steps = [
        (floor.handler, "acknowledge", {"note": "短信告知"}),
        (floor.handler, "judge", {"founded": "yes", "reason": "属实", "department": floor.department.pk}),
        (floor.handler, "investigate", {"promised_at": promised}),
        (floor.handler, "propose", {"finding": "计费错误", "text_1": "退费", "cost_1": "20.50"}),
        (floor.handler, "approve", None),
        (floor.approver, "approve", None),
        (floor.handler, "carry-out", {"note": "已退费"}),
        (floor.handler, "call-back", {"satisfied": "yes", "note": "满意"}),
        (floor.handler, "archive", {}),
    ]
    statuses = []
    for user, verb, values in steps:
        values = {"remedy": complaint.remedies.get().pk} if values is None else values
        assert get(client, user, "detail", complaint.pk).status_code == 200
        statuses.append(post(client, user, "verb", complaint.pk, verb, **values).status_code)
    assert statuses == [302, 302, 302, 302, 422, 302, 302, 302, 302]
    complaint.refresh_from_db()
    assert (complaint.state, str(complaint.remedies.get().cost)) == ("archived", "20.50")


@pytest.mark.parametrize("state", list(State))
def test_complaint_page_is_drawn_in_every_state_and_offers_only_legal_steps(client, state):
    floor = make_floor()
    complaint = make_complaint_in(floor, state)
    page = get(client, floor.approver, "detail", complaint.pk)
    assert page.status_code == 200
    offered = set(page.context["verbs"])
    for verb in offered:
        assert reverse("complaints:verb", args=[complaint.pk, verb]) in page.text
    expected = {
        State.REGISTERED: {"acknowledge"},
        State.ACKNOWLEDGED: {"judge"},
        State.FOUNDED: {"investigate"},
        State.UNFOUNDED: {"call-back"},
        State.INVESTIGATING: {"propose"},
        State.PROPOSED: {"approve", "reject"},
        State.APPROVED: {"carry-out"},
        State.CARRIED_OUT: {"call-back"},
        State.CALLED_BACK: {"archive", "reopen"},
        State.ARCHIVED: {"reopen"},
        State.REOPENED: {"investigate"},
    }
    assert offered == expected[state]


def test_proposer_is_told_why_the_decision_is_not_offered(client):
    floor = make_floor()
    complaint = make_complaint_in(floor, State.PROPOSED)
    page = get(client, floor.handler, "detail", complaint.pk)
    assert (page.context["verbs"], page.context["obstacle"]) == ([], "proposer")


def test_department_reads_and_notes_but_does_not_move_a_complaint(client):
    floor = make_floor()
    complaint = make_complaint(floor, department=floor.department)
    own = contact_of(floor.department, 2)
    assert get(client, own, "detail", complaint.pk).context["verbs"] == []
    assert post(client, own, "verb", complaint.pk, "acknowledge", note="短信").status_code == 403
    assert post(client, own, "note_add", complaint.pk, text="已转业务科").status_code == 302
    assert complaint.notes.get().by == own


def test_handler_pauses_resumes_and_hands_over_by_the_page(client):
    floor = make_floor()
    complaint = make_complaint(floor, concerned_agent=floor.agent)
    assert post(client, floor.handler, "verb", complaint.pk, "pause", reason="等凭证").status_code == 302
    assert "resume" in get(client, floor.handler, "detail", complaint.pk).context["forms"]
    assert post(client, floor.handler, "verb", complaint.pk, "resume").status_code == 302
    assert (
        post(client, floor.handler, "verb", complaint.pk, "handler", handler=floor.agent.pk).status_code
        == 422
    )
    assert (
        post(client, floor.handler, "verb", complaint.pk, "handler", handler=floor.approver.pk).status_code
        == 302
    )
    complaint.refresh_from_db()
    assert complaint.handler == floor.approver


@pytest.mark.parametrize("count", [1, 3])
def test_focus_board_needs_the_same_queries_for_any_number_of_rows(client, django_assert_num_queries, count):
    floor = make_floor()
    points = []
    for _number in range(count):
        floor.point = make_point(floor.department)
        points.append(make_focus(floor, threshold=1).problem_point)
    client.force_login(floor.agent)
    with django_assert_num_queries(5):
        response = client.get(reverse("complaints:focus"))
    assert [str(point) in response.text for point in points] == [True] * count


def test_focus_pages_from_notice_to_resolution(client):
    floor = make_floor()
    focus = make_focus(floor)
    assert get(client, floor.agent, "focus_detail", focus.pk).status_code == 200
    assert str(floor.point) in get(client, floor.agent, "focus_banner").text
    assert post(client, floor.agent, "focus_notice", focus.pk, notice="修复中").status_code == 403
    assert post(client, floor.lead, "focus_notice", focus.pk, notice="修复中").status_code == 302
    assert "修复中" in get(client, floor.agent, "focus_banner").text
    other, third = contact_of(make_department(), 4), contact_of(floor.department, 3)
    assert post(client, other, "focus_resolve", focus.pk, resolution="已修复").status_code == 404
    assert post(client, third, "focus_resolve", focus.pk, resolution="已修复").status_code == 422
    head = contact_of(floor.department, 4)
    assert post(client, head, "focus_resolve", focus.pk, resolution="已修复").status_code == 302
    assert str(floor.point) not in get(client, floor.agent, "focus_banner").text
    assert get(client, floor.lead, "focus_detail", focus.pk).context["sample"]["planned"] == 4


def test_clients_open_no_page_of_issues(client):
    floor = make_floor()
    observer = make_user(CLIENT, client=floor.client)
    assert get(client, observer, "issues").status_code == 403


@pytest.mark.parametrize(
    "query", ["?q=" + "9" * 40, "?q=%F0%9F%98%80", "?department=x&point=-1", "?page=0&tab=zz"]
)
def test_nonsense_in_the_address_is_no_error(client, query):
    floor = make_floor()
    make_issue(floor)
    for name in ("issues", "list"):
        assert get(client, floor.manager, name, query=query).status_code == 200
    assert get(client, floor.manager, "issue", 10**24).status_code == 404


def test_search_finds_by_number_and_by_the_beginning_of_a_name(client):
    floor = make_floor()
    wanted, other = make_issue(floor), make_issue(floor)
    for text in (f"#{wanted.pk}", str(wanted.pk), wanted.customer.name):
        page = get(client, floor.lead, "issues", query=f"?q={text}".replace("#", "%23"))
        assert f">#{wanted.pk}<" in page.text
        assert f">#{other.pk}<" not in page.text


def test_history_of_an_unsolved_issue_names_silence_answer_and_calls(client):
    floor = make_floor()
    issue = make_issue(floor)
    answer_issue(issue=issue, by=contact_of(floor.department, 1), text="在查", solved=False, now=NOW)
    open_second_contacts(now=DUE)
    task = issue.second_contacts.get().task
    close_second_contact(
        task=task, outcome="unsolved", by=floor.agent, now=DUE + timedelta(minutes=5), note="仍未到账"
    )
    entries = get(client, floor.lead, "issue", issue.pk).context["entries"]
    assert [(entry.tone, entry.by) for entry in entries] == [
        ("bad", None),  # gone up to level 3
        ("info", floor.agent),  # sent to the department again
        ("warn", floor.agent),  # the call: not solved
        ("info", None),  # second contact planned
        ("warn", contact_of(floor.department, 1)),  # the answer
        ("info", floor.agent),  # sent to the department
    ]
    assert [entry.text for entry in entries][2:5:2] == ["仍未到账", "在查"]
