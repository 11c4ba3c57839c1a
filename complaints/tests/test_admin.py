"""The administrator keeps the problem points."""

import pytest
from django.urls import reverse

from callcenter.access import Role
from complaints.models import ProblemPoint
from complaints.tests.make import make_floor, make_issue, make_point
from customers.tests.make import make_user

pytestmark = pytest.mark.django_db


def test_administrator_writes_a_point_in_three_languages(client):
    client.force_login(make_user(Role.ADMIN))
    assert client.get(reverse("admin:complaints_problempoint_add")).status_code == 200
    names = ["name_zh_hans", "name_zh_hant", "name_en"]
    values = dict.fromkeys(names, "网速慢") | {
        "code": "SLOW",
        "category": "fault",
        "key": "9",
        "active": "on",
        "focus_threshold": "20",
    }
    response = client.post(reverse("admin:complaints_problempoint_add"), values)
    assert response.status_code == 302
    point = ProblemPoint.objects.get(code="SLOW")
    assert (str(point), point.focus_threshold, point.focus_window_days) == ("网速慢", 20, None)
    assert "网速慢" in client.get(reverse("admin:complaints_problempoint_changelist")).text


def test_reported_point_cannot_be_deleted(client):
    floor, unused = make_floor(), make_point()
    make_issue(floor)
    client.force_login(make_user(Role.ADMIN))
    assert (
        client.post(reverse("admin:complaints_problempoint_delete", args=[floor.point.pk])).status_code == 403
    )
    assert (
        client.post(
            reverse("admin:complaints_problempoint_delete", args=[unused.pk]), {"post": "yes"}
        ).status_code
        == 302
    )
