"""Segments by open issues (CUS-5)."""

import pytest

from complaints.models import Issue, ProblemPoint
from complaints.rules.segments import CATEGORIES
from complaints.states import IssueState
from complaints.tests.make import make_floor, make_issue, make_point
from customers.tests.make import make_team, make_user
from customers.tests.segments import found

pytestmark = pytest.mark.django_db


def by_issue(op, category="any", **fields):
    return found({"kind": "issue", "op": op, "category": category}, **fields)


def test_open_issue_of_any_and_of_one_category():
    floor = make_floor()
    price = make_issue(floor, problem_point=make_point(floor.department, category="price")).customer
    fault = make_issue(floor, problem_point=make_point(floor.department, category="fault")).customer
    none = floor.customer()
    assert by_issue("open") == {price, fault}
    assert by_issue("open", "price") == {price}
    assert by_issue("none") == {none}
    assert by_issue("none", "price") == {fault, none}


@pytest.mark.parametrize("state", IssueState.values)
def test_every_state_but_solved_is_open(state):
    floor = make_floor()
    issue = make_issue(floor)
    Issue.objects.filter(pk=issue.pk).update(state=state, level_due_at=None, warn_at=None)
    assert by_issue("open") == (set() if state == IssueState.SOLVED else {issue.customer})


def test_another_teams_issue_tells_nothing_about_ones_customer():
    floor = make_floor()
    customer = floor.customer()
    issue = make_issue(floor, customer=customer)
    Issue.objects.filter(pk=issue.pk).update(team=make_team())
    assert by_issue("open", user=floor.lead) == set()
    assert by_issue("none", user=floor.lead) == {customer}
    assert by_issue("open", user=make_user("admin")) == {customer}


def test_categories_are_those_of_the_problem_points():
    assert [code for code, _label in CATEGORIES] == ["any", *ProblemPoint.Category.values]
