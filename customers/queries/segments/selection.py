"""The customers of a segment, as one query whatever its conditions (CUS-5).

Customers under a restriction (erased, deceased, legal hold) belong to no segment: nothing may be done with them.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from customers.models import Client, Customer, Phone, Segment
from customers.queries.segments.registry import KINDS, Run, shapes
from customers.rules.segments import FAULTS, BadDefinition, Definition, read_definition

FIRST = 20


def definition_of(segment: Segment) -> Definition:
    """The stored conditions of a segment. Raises ``Refused`` when they can no longer be read, never anything else."""
    try:
        return read_definition(segment.definition, shapes())
    except BadDefinition as bad:
        fault = next(iter(bad.faults.values()))
        raise Refused(
            _("The segment “%(name)s” cannot be used: %(why)s")
            % {"name": segment.name, "why": _(FAULTS[fault.code]) % fault.params},
            code="bad_segment",
        ) from bad


def chosen(definition: Definition, run: Run) -> Q:
    """The definition as a condition on customers; every group must hold."""
    groups = (
        reduce(
            and_ if group.match == "all" else or_,
            [KINDS[one.kind].condition(one.values, run) for one in group.conditions],
        )
        for group in definition.groups
    )
    return reduce(and_, groups, Q(restriction=""))


def selected(segment: Segment, run: Run, rows: QuerySet[Customer] | None = None) -> QuerySet[Customer]:
    """Those of ``rows`` (default: of everybody, for the caller to narrow) whom a saved segment means."""
    rows = Customer.objects.all() if rows is None else rows
    rows = rows.filter(chosen(definition_of(segment), run))
    return rows.filter(client_id=segment.client_id) if segment.client_id else rows


def segment_customers(
    user, definition: Definition, run: Run, *, client: Client | None = None
) -> QuerySet[Customer]:
    """The customers in the scope of ``user`` whom the definition means, of one client or of all."""
    rows = Customer.objects.visible_to(user).filter(chosen(definition, run))
    return rows.filter(client=client) if client else rows


def first_customers(rows: QuerySet[Customer], ids: Iterable[int] | None = None) -> QuerySet[Customer]:
    """Customers with what a table of them shows: the first of ``rows``, newest first, or those with the ``ids`` among them."""
    phones = Prefetch("phones", Phone.objects.order_by("-preferred", "id"))
    rows = rows.select_related("client", "region", "team", "unit").prefetch_related(phones).order_by("-id")
    return rows[:FIRST] if ids is None else rows.filter(pk__in=ids)
