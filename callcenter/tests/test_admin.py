from datetime import UTC, datetime

import pytest

from callcenter.access import Role
from callcenter.models import AccessLog, Pulse, StuckRow
from callcenter.notify import log_access
from people.tests.make import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def boss(client):
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


def test_the_access_log_is_read_and_never_written(client, boss):
    row = log_access(boss, AccessLog.Action.REVEAL, "phone", 7, now=NOW, reason="客户来电")
    assert "客户来电" in client.get("/admin/callcenter/accesslog/").content.decode()
    address = f"/admin/callcenter/accesslog/{row.pk}/"
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {"reason": "x"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert AccessLog.objects.get(subject="phone").reason == "客户来电"


def test_pulses_are_shown(client, boss):
    Pulse.objects.create(name="callbacks.release", ran_at=NOW, handled=3)
    assert "callbacks.release" in client.get("/admin/callcenter/pulse/").content.decode()


def test_a_parked_row_is_tried_again_on_request(client, boss):
    row = StuckRow.objects.create(sweep="test", subject_id="1", attempts=5, error="ValueError()")
    chosen = {"action": "try_again", "_selected_action": [row.pk]}
    assert client.post("/admin/callcenter/stuckrow/", chosen).status_code == 302
    row.refresh_from_db()
    assert row.attempts == 1
    assert row.retry_at is not None
