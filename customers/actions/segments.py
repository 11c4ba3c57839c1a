"""Saving, copying, counting and deleting segments (CUS-5)."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.models import Client, Customer, Segment, SegmentCount
from customers.queries.segments import Run, selected, uses_of, uses_shown
from customers.rules.segments import Definition


def create_segment(
    *, name: str, definition: Definition, by, now: datetime, description="", client=None, shared=False
) -> Segment:
    """Save conditions under a name, as ``by``'s own; ``shared`` with everybody who works with segments."""
    return Segment.objects.create(
        name=name,
        description=description,
        owner=by,
        client=client,
        shared=shared,
        definition=definition.as_json(),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def update_segment(
    *,
    segment: Segment,
    version: int,
    name: str,
    definition: Definition,
    by,
    now: datetime,
    description: str = "",
    client: Client | None = None,
    shared: bool = False,
) -> Segment:
    """Change a segment if nobody has since ``version``; else ``Conflict`` (409).

    Whom it means does not change while a policy or quota uses it: those were agreed on as they are (CAM-2, CAM-3). Raises
    ``Refused`` then; a copy can be changed.
    """
    stored = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if stored.version != version:
        raise Conflict(
            _("Somebody else has changed this segment meanwhile. Compare both versions and save again."),
            code="lost_race",
        )
    conditions = definition.as_json()
    meant = (conditions, client.pk if client else None)
    if meant != (stored.definition, stored.client_id) and (uses := uses_of(stored)):
        raise Refused(
            _(
                "The conditions stay as they are, for %(count)s policies or quotas use this segment. "
                "Copy it and change the copy."
            )
            % {"count": uses},
            code="segment_in_use",
        )
    stored.name, stored.description, stored.shared = name, description, shared
    stored.client, stored.definition = client, conditions
    stored.updated_at, stored.version = now, version + 1
    stored.save()
    log_access(by, AccessLog.Action.CHANGE, "segment", stored.pk, now=now)
    return stored


def copy_segment(*, segment: Segment, by, now: datetime) -> Segment:
    """The same conditions as a private segment of ``by``."""
    return Segment.objects.create(
        name=(_("%(name)s (copy)") % {"name": segment.name})[:120],
        description=segment.description,
        owner=by,
        client=segment.client,
        definition=segment.definition,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def delete_segment(*, segment: Segment, by, now: datetime) -> None:
    """Delete a segment. Raises ``Refused`` while a policy or quota uses it, naming those that ``by`` may see."""
    pk = segment.pk
    try:
        with transaction.atomic():
            segment.delete()
    except ProtectedError:
        shown = uses_shown(segment, by)
        raise Refused(
            _("%(count)s policies or quotas use this segment: %(uses)s. Choose another one there first.")
            % {"count": uses_of(segment), "uses": "; ".join(shown) or _("none that you may see")},
            code="segment_in_use",
        ) from None
    log_access(by, AccessLog.Action.CHANGE, "segment", pk, now=now, removed=True)


def count_segment(*, segment: Segment, by, now: datetime) -> int:
    """Count the segment's customers in the scope of ``by`` and remember the number for ``by`` alone.

    Raises ``Refused`` when its conditions can no longer be read.
    """
    rows = selected(segment, Run(now, by), Customer.objects.visible_to(by))
    count = rows.count()
    SegmentCount.objects.update_or_create(segment=segment, user=by, defaults={"customers": count, "at": now})
    return count
