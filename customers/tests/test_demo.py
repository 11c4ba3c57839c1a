"""The demo's archive: enough of everything, the same twice, and callable."""

import random

import pytest

from customers import demo
from customers.models import Customer, Phone, Segment, ServiceEvent
from customers.queries import decide_many
from customers.queries.segments import Run, selected
from customers.tests.make import NOW, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db


def load():
    return demo.load(now=NOW, rng=random.Random(1))


def test_demo_loads_once_and_is_callable():
    unit = make_unit()
    for code in ("T1", "T2"):
        make_team(unit=unit, code=code)
    first = load()
    assert load() == first
    assert Customer.objects.count() == 210
    assert Phone.objects.values("number", "customer").distinct().count() == Phone.objects.count()
    assert ServiceEvent.objects.filter(kind="claim_settled", occurred_at__lte=NOW).count() == 90
    ids = Customer.objects.filter(client__code="XHDX").values_list("pk", flat=True)
    found = decide_many(ids, channel="phone", purpose="sales", campaign_code="TEL", now=NOW)
    reasons = {code for decision in found.values() for code in decision.codes}
    assert sum(decision.allowed for decision in found.values()) > 30
    assert {"no_consent", "consent_withdrawn", "blacklisted"} <= reasons


def test_demo_has_segments_that_mean_somebody():
    unit = make_unit()
    for code in ("T1", "T2"):
        make_team(unit=unit, code=code)
    for username in ("manager1", "lead1"):
        make_user(username=username)
    load()
    load()
    found = {segment.shared: selected(segment, Run(NOW)).count() for segment in Segment.objects.all()}
    assert set(found) == {True, False}
    assert all(0 < count < 210 for count in found.values())
