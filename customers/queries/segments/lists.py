"""Saved segments as pages and forms show them, and what uses them (CUS-5)."""

from django.db.models import PROTECT, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from customers.models import Client, Segment, SegmentCount
from customers.queries.segments.registry import KINDS, Choices
from customers.rules.segments import Definition, words


def segments_of(user) -> QuerySet[Segment]:
    """The segments the person may use, own ones first, each with the count the person last took, if any.

    A count is shown only to who took it: another person's scope holds other customers.
    """
    own = SegmentCount.objects.filter(segment=OuterRef("pk"), user=user)
    rows = Segment.objects.visible_to(user).select_related("owner", "client")
    return rows.annotate(
        counted=Subquery(own.values("customers")[:1]), counted_at=Subquery(own.values("at")[:1])
    ).order_by("-updated_at", "-id")


def segment_page(user) -> QuerySet[Segment]:
    """The segments the person may open, with what the page of one shows."""
    return Segment.objects.visible_to(user).select_related("owner", "client")


def segments_for(user, client: Client, *, current: int | None = None) -> QuerySet[Segment]:
    """What a policy or quota for the client's customers may choose from; one that is chosen already stays offered."""
    fits = Q(pk__in=Segment.objects.visible_to(user).values("pk")) & (Q(client=None) | Q(client=client))
    return Segment.objects.filter(fits | Q(pk=current)).order_by("name", "id")


def _users(segment: Segment) -> list[tuple[type, Q]]:
    """(model, condition) of everything above that holds on to the segment. Apps above are known by their foreign keys alone."""
    return [
        (relation.related_model, Q(**{relation.field.name: segment}))
        for relation in Segment._meta.related_objects
        if relation.on_delete is PROTECT
    ]


def uses_of(segment: Segment) -> int:
    """How many policies and quotas use the segment."""
    return sum(model._default_manager.filter(holds).count() for model, holds in _users(segment))


def uses_shown(segment: Segment, user) -> list[str]:
    """What uses the segment, as far as the person may see it: “callback policy: New policies”."""
    return [
        _("%(what)s: %(name)s") % {"what": model._meta.verbose_name, "name": one}
        for model, holds in _users(segment)
        for one in model._default_manager.visible_to(user).filter(holds).order_by("pk")[:20]
    ]


def descriptions(definition: Definition, choices: Choices) -> list[dict]:
    """The groups of a definition in words: ``match`` and one text per condition."""
    return [
        {"match": group.match, "texts": [_described(one, choices) for one in group.conditions]}
        for group in definition.groups
    ]


def _described(condition, choices: Choices) -> str:
    kind = KINDS[condition.kind]
    return words(
        kind.shape,
        condition.values,
        lambda one, value: choices.shown(kind, one, value),
        _,
    )
