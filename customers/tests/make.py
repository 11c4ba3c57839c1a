"""Makers for the tests of this app and of those above it."""

import itertools
from datetime import UTC, datetime

from customers.models import Client, Consent, Customer, Phone, Region
from people.models import Membership, Team, Unit, User

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Shanghai
_count = itertools.count(1)


def make_unit(parent=None, **fields):
    number = next(_count)
    return Unit.objects.create(**{"name": f"分公司{number}", "code": f"U{number}", "parent": parent} | fields)


def make_team(unit=None, **fields):
    number = next(_count)
    fields = {"name": f"回访{number}组", "code": f"T{number}"} | fields
    return Team.objects.create(unit=unit or make_unit(), **fields)


def make_user(role=None, *, team=None, unit=None, client=None, department=None, **fields):
    number = next(_count)
    user = User.objects.create_user(
        **{"username": f"user{number}", "password": "just-for-tests", "full_name": f"员工{number}"} | fields
    )
    if role is not None:
        place = {
            "team": team,
            "unit": unit,
            "department": department,
            "client_id": client.pk if client else None,
        }
        Membership.objects.create(user=user, role=role, **place)
    return user


def make_client(**fields):
    number = next(_count)
    return Client.objects.create(**{"name": f"委托方{number}", "code": f"C{number}"} | fields)


def make_region(parent=None, **fields):
    number = next(_count)
    return Region.objects.create(**{"name": f"片区{number}", "code": f"R{number}", "parent": parent} | fields)


def make_customer(*, client=None, team=None, unit=None, phones=("+8613800138000",), **fields):
    number = next(_count)
    fields = {
        "name": f"客户{number}",
        "external_id": f"K{number}",
        "created_at": NOW,
        "updated_at": NOW,
    } | fields
    unit = unit or (team.unit if team else make_unit())
    customer = Customer.objects.create(client=client or make_client(), unit=unit, team=team, **fields)
    for place, phone in enumerate(phones):
        Phone.objects.create(customer=customer, number=phone, preferred=place == 0)
    return customer


def make_consent(customer, *, channel="phone", purpose="sales", state="granted", at=NOW):
    return Consent.objects.create(
        customer=customer, channel=channel, purpose=purpose, state=state, source="contract", at=at
    )
