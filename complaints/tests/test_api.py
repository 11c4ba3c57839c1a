"""Issues and complaints over the API: the same gates, the same refusals, one error shape."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from callcenter.access import Role
from complaints.models import Complaint, Issue
from complaints.tests.make import contact_of, make_complaint, make_department, make_floor, make_issue
from complaints.tests.test_moves import State, make_complaint_in
from customers.tests.make import make_team, make_user

pytestmark = pytest.mark.django_db


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def values_of(floor, **changes):
    return {
        "customer": floor.customer().pk,
        "campaign": floor.campaign.pk,
        "problem_point": floor.point.pk,
        "urgency": "urgent",
        "major": True,
        "description": "网速慢",
        "client_uuid": str(uuid4()),
    } | changes


def test_issue_raised_twice_over_the_api_is_one():
    floor = make_floor()
    values = values_of(floor)
    first, again = (api(floor.lead).post("/api/v1/issues/", values, format="json") for _number in range(2))
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert Issue.objects.get().second_contacts.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer": 10**24}, "customer"),
        ({"problem_point": "x"}, "problem_point"),
        ({"urgency": "now"}, "urgency"),
        ({"description": "a\x00b"}, "description"),
        ({"client_uuid": "1"}, "client_uuid"),
        ({"campaign": 0}, "campaign"),
    ],
)
def test_wrong_values_are_named_in_the_error_shape(changes, field):
    floor = make_floor()
    response = api(floor.lead).post("/api/v1/issues/", values_of(floor, **changes), format="json")
    body = response.json()
    assert (response.status_code, body["code"], list(body["fields"])) == (400, "invalid", [field])
    assert Issue.objects.count() == 0


def test_customer_of_another_team_cannot_be_named():
    floor, other = make_floor(), make_floor()
    values = values_of(floor, customer=other.customer().pk)
    assert api(floor.lead).post("/api/v1/issues/", values, format="json").status_code == 400
    assert api(floor.agent).post("/api/v1/issues/", values_of(floor), format="json").status_code == 400


def test_lists_hold_only_what_is_in_scope():
    floor, other = make_floor(), make_floor()
    issue, complaint = make_issue(floor), make_complaint(floor)
    make_issue(other)
    make_complaint(other)
    observer, stranger = (
        make_user(Role.CLIENT, client=floor.client),
        make_user(Role.CLIENT, client=other.client),
    )
    responder = contact_of(floor.department, 1)

    def ids(user, kind):
        return [row["id"] for row in api(user).get(f"/api/v1/{kind}/").json()["results"]]

    assert [ids(user, "issues") for user in (floor.lead, floor.agent, responder, observer)] == [
        [issue.pk]
    ] * 4
    assert issue.pk not in ids(stranger, "issues")
    assert ids(make_user(Role.LEAD, team=make_team()), "issues") == []
    assert ids(floor.handler, "complaints") == [complaint.pk]
    assert api(stranger).get(f"/api/v1/issues/{issue.pk}/").status_code == 404
    assert api(other.handler).get(f"/api/v1/complaints/{complaint.pk}/").status_code == 404


def test_department_answers_over_the_api():
    floor = make_floor()
    issue = make_issue(floor)
    address, values = f"/api/v1/issues/{issue.pk}/answer/", {"text": "已修复", "solved": True}
    assert api(floor.lead).post(address, values, format="json").status_code == 403
    assert api(contact_of(make_department(), 1)).post(address, values, format="json").status_code == 404
    response = api(contact_of(floor.department, 1)).post(address, values, format="json")
    assert (response.status_code, response.json()["level"]) == (201, 1)
    Issue.objects.filter(pk=issue.pk).update(level=3)
    response = api(contact_of(floor.department, 1)).post(address, values, format="json")
    assert (response.status_code, response.json()["code"]) == (422, "gone_up")


def test_complaint_runs_its_procedure_over_the_api():
    floor = make_floor()
    values = {
        "customer": floor.customer().pk,
        "channel": "phone",
        "content": "多扣费",
        "term": "urgent",
        "client_uuid": str(uuid4()),
    }
    registered = api(floor.handler).post("/api/v1/complaints/", values, format="json")
    assert registered.status_code == 201
    address = f"/api/v1/complaints/{registered.json()['id']}/"
    response = api(floor.handler).post(address + "acknowledge/", {"note": "电话"}, format="json")
    assert (response.status_code, response.json()["state"]) == (200, "acknowledged")
    judged = {"founded": "yes", "reason": "属实", "department": floor.department.pk}
    assert api(floor.handler).post(address + "judge/", judged, format="json").json()["founded"] is True
    again = api(floor.handler).post(address + "judge/", judged, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    wrong = api(floor.handler).post(address + "investigate/", {"promised_at": "gestern"}, format="json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["promised_at"])
    assert api(floor.handler).post(address + "explode/", {}, format="json").status_code == 404


def test_proposer_cannot_approve_over_the_api():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.PROPOSED)
    address = f"/api/v1/complaints/{complaint.pk}/approve/"
    values = {"remedy": complaint.remedies.get().pk}
    refused = api(floor.handler).post(address, values, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "second_person")
    assert api(floor.approver).post(address, values, format="json").json()["state"] == "approved"
    assert Complaint.objects.get().state == "approved"


@pytest.mark.parametrize("sent", [[None, None], [], "register", 7])
def test_a_body_that_is_no_object_is_refused_before_the_form_reads_it(sent):
    floor = make_floor()
    client = api(floor.lead)
    complaint = make_complaint(floor)
    for address in ("/api/v1/complaints/", f"/api/v1/complaints/{complaint.pk}/acknowledge/"):
        response = client.post(address, sent, format="json")
        assert (response.status_code, response.json()["code"]) == (400, "parse_error"), address
