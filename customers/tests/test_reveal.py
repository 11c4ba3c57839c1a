"""Seeing a whole number: with a reason, so many a day, one row each, and the managers hear of who uses them up (CUS-11)."""

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection
from django.test import Client as Browser
from django.urls import reverse

from callcenter.errors import Refused
from callcenter.models import AccessLog, Notification
from customers import actions
from customers.actions.privacy import revealing
from customers.tests.make import NOW, make_customer, make_team, make_user


@pytest.mark.django_db
def test_a_thousand_reveals_are_a_thousand_rows(settings):
    settings.REVEALS_PER_DAY = 2_000
    phone, lead = make_customer().phones.get(), make_user("admin")
    for number in range(1_000):
        moment = NOW + timedelta(seconds=number)
        assert actions.reveal_phone(phone=phone, by=lead, reason="核对", now=moment) == phone.number
    assert AccessLog.objects.filter(action="reveal", user=lead, subject_id=str(phone.pk)).count() == 1_000


@pytest.mark.django_db
def test_no_row_no_number(monkeypatch):
    phone, lead = make_customer().phones.get(), make_user("admin")

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(revealing, "log_access", fail)
    with pytest.raises(RuntimeError):
        actions.reveal_phone(phone=phone, by=lead, reason="核对", now=NOW)


@pytest.mark.django_db
def test_the_day_ends_with_a_429_and_word_to_the_managers(settings):
    settings.REVEALS_PER_DAY = 2
    team = make_team()
    lead, manager = make_user("lead", team=team), make_user("manager", unit=team.unit)
    stranger = make_user("manager", unit=make_team().unit)
    customer = make_customer(team=team, email="wang@example.com")
    browser = Browser()
    browser.force_login(lead)
    phone_url = reverse("customers:reveal", args=[customer.phones.get().pk])
    mail_url = reverse("customers:reveal_hidden", args=[customer.pk, "email"])
    assert "138 0013 8000" in browser.post(phone_url, {"reason": "核对"}).content.decode()
    assert not Notification.objects.exists()
    assert "wang@example.com" in browser.post(mail_url, {"reason": "核对"}).content.decode()
    for url in (phone_url, mail_url, phone_url):
        answer = browser.post(url, {"reason": "再看"})
        assert answer.status_code == 429
        assert "2" in answer.content.decode()
        assert "wang@" not in answer.content.decode()
    assert AccessLog.objects.filter(action="reveal").count() == 2
    told = Notification.objects.get()
    assert (told.recipient, told.params["person"], told.level) == (manager, str(lead), "warning")
    assert stranger.notifications.count() == 0
    page = Browser()
    page.force_login(manager)
    assert page.get(told.url).status_code == 200


@pytest.mark.django_db
def test_the_count_is_of_the_last_24_hours(settings):
    settings.REVEALS_PER_DAY = 1
    phone, lead = make_customer().phones.get(), make_user("admin")
    actions.reveal_phone(phone=phone, by=lead, reason="r", now=NOW)
    with pytest.raises(Refused) as refused:
        actions.reveal_phone(phone=phone, by=lead, reason="r", now=NOW + timedelta(hours=23))
    assert (refused.value.status, refused.value.code) == (429, "reveal_limit")
    actions.reveal_phone(phone=phone, by=lead, reason="r", now=NOW + timedelta(hours=24))


@pytest.mark.services
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_at_the_limit_exactly_so_many_of_two_threads_succeed(settings):
    assert connection.vendor == "postgresql"
    settings.REVEALS_PER_DAY = 5
    phone, lead = make_customer().phones.get(), make_user("admin")
    start, seen, refused = threading.Barrier(2), [], []

    def look():
        for _attempt in range(20):
            # Together each time: an odd limit is then reached by both at once.
            start.wait(30)
            try:
                seen.append(actions.reveal_phone(phone=phone, by=lead, reason="r", now=NOW))
            except Refused as error:
                refused.append(error.code)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=look) for _thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(refused)) == (5, 35)
    assert AccessLog.objects.filter(action="reveal").count() == 5
