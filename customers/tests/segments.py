"""Makers of segments for the tests of this app and of those above it."""

from customers import actions
from customers.queries.segments import Run, segment_customers
from customers.queries.segments.registry import shapes
from customers.rules.segments import read_definition
from customers.tests.make import NOW, make_user


def definition(*conditions, match="all"):
    """A definition of one group, checked as a form's would be."""
    return read_definition({"groups": [{"match": match, "conditions": list(conditions)}]}, shapes())


KEY = {"kind": "key_customer", "op": "yes"}


def make_segment(*conditions, by=None, match="all", now=NOW, **fields):
    values = {"name": "重点客户"} | fields
    return actions.create_segment(
        definition=definition(*(conditions or [KEY]), match=match),
        by=by or make_user("admin"),
        now=now,
        **values,
    )


def found(*conditions, user=None, match="all", now=NOW, **fields):
    """The customers a definition means, in the scope of ``user`` (default: an administrator), as a set."""
    user = user or make_user("admin")
    return set(segment_customers(user, definition(*conditions, match=match), Run(now, user), **fields))
