"""Makers for the tests of reports."""

from qa.tests.make import (
    NOW,
    make_agent,
    make_call,
    make_campaign,
    make_client,
    make_customer,
    make_inspector,
    make_order,
    make_team,
    make_unit,
    make_user,
)

__all__ = [
    "NOW",
    "make_agent",
    "make_call",
    "make_campaign",
    "make_client",
    "make_customer",
    "make_inspector",
    "make_order",
    "make_team",
    "make_unit",
    "make_user",
]
