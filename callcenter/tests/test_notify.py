from datetime import UTC, datetime

import pytest
from django.utils import translation

from callcenter.models import AccessLog, Notification
from callcenter.notify import log_access, notify, sentence
from people.tests.make import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_a_notification_comes_once_per_key_and_person():
    first, second = make_user(), make_user()
    notify([first], "hello", key="k1", now=NOW)
    notify([first, second], "hello", key="k1", now=NOW)
    notify([first], "hello", key="k2", now=NOW)
    assert [Notification.objects.visible_to(user).count() for user in (first, second)] == [2, 1]


def test_a_notification_is_told_in_the_readers_language():
    user = make_user()
    notify([user], "%(title)s: finished", key="k", now=NOW, title="导入")
    with translation.override("en"):
        assert sentence(Notification.objects.get()) == "导入: finished"


def test_the_bell_counts_what_is_unread_and_is_emptied(client):
    user = make_user()
    client.force_login(user)
    notify([user], "one", key="1", now=NOW, url="/jobs/")
    notify([user], "two", key="2", now=NOW, level="urgent")
    assert client.get("/notifications/").context["unread"] == 2
    client.post("/notifications/read/")
    assert client.get("/notifications/").context["unread"] == 0


def test_nobody_sees_or_empties_another_persons_bell(client):
    owner, other = make_user(), make_user()
    notify([owner], "geheim", key="1", now=NOW)
    client.force_login(other)
    assert "geheim" not in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    assert Notification.objects.visible_to(owner).unread().count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_notifications_page_costs_the_same_whatever_its_length(client, count, django_assert_num_queries):
    user = make_user()
    client.force_login(user)
    notify_many = [f"text {number}" for number in range(count)]
    for text in notify_many:
        notify([user], text, key=text, now=NOW)
    # Session, user, memberships, rows, unread count.
    with django_assert_num_queries(5):
        page = client.get("/notifications/").content.decode()
    assert all(text in page for text in notify_many)


def test_the_access_log_keeps_who_what_and_from_where(rf):
    user = make_user()
    request = rf.get("/", REMOTE_ADDR="10.1.2.3")
    row = log_access(
        user, AccessLog.Action.REVEAL, "phone", 7, now=NOW, reason="x" * 400, request=request, rows=3
    )
    row.refresh_from_db()
    assert (row.user, row.subject_id, row.address, row.facts) == (user, "7", "10.1.2.3", {"rows": 3})
    assert len(row.reason) == 300
