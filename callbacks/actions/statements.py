"""Keeping which mandatory statements an agent ticked in a call (CAM-5, QA-3)."""

from collections.abc import Mapping
from datetime import datetime

from callbacks.models import Call, SaidStatement
from campaigns.models import ScriptVersion


def record_statements(*, call: Call, version: ScriptVersion | None, said: Mapping[int, datetime]) -> int:
    """Keep the ticked statements of a call, in the transaction that saves it; returns how many.

    ``said`` maps the place of a statement in the version (from 1) to the instant at which it was ticked. Places the version
    does not have are left out; saving the same call again adds nothing.
    """
    if version is None:
        return 0
    rows = [
        SaidStatement(
            call=call,
            version=version,
            position=place,
            code=str(one.get("code", ""))[:40],
            said_at=said[place],
            agent=call.agent,
        )
        for place, one in enumerate(version.statements, start=1)
        if place in said
    ]
    SaidStatement.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def carry_statements(*, old: Call, new: Call) -> None:
    """What was ticked in a call was ticked in its corrected version as well."""
    rows = list(SaidStatement.objects.filter(call=old).order_by("position", "id"))
    for row in rows:
        row.pk, row._state.adding, row.call = None, True, new
    SaidStatement.objects.bulk_create(rows)
