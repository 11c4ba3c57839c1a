"""One text to many: planned as a job, sent by the sweep, paused, resumed and cancelled (CB-9)."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.jobs import handler
from callcenter.sweeps import drain
from callcenter.workflow import advance, advance_all
from customers.queries import decide_many
from messaging.actions.holds import is_held
from messaging.actions.links import links_for
from messaging.actions.planning import filled_message, settle, usable_version
from messaging.models import Batch, BatchStep, Message, MessageStep, Template
from messaging.queries.addresses import addresses_of
from messaging.queries.audience import added, audience, plain
from messaging.states import OPEN, WAITING, BatchState, MessageState

JOB = "messaging.plan_batch"
CHUNK = 500
LINK_LASTS = timedelta(hours=72)


@transaction.atomic
def create_batch(
    *, name, template, filters, starts_at, client_uuid, by, now, campaign_code="", source=""
) -> Batch:
    """Plan one text to the customers that ``filters`` choose in the scope of ``by``; a job writes the messages.

    The same ``client_uuid`` again is the same batch. Raises ``Refused`` for a text that is not approved, one that only answers
    stop words, and an invitation without ``source``.
    """
    if existing := Batch.objects.filter(client_uuid=client_uuid, created_by=by).first():
        return existing
    version = usable_version(template)
    if template.kind == Template.Kind.UNSUBSCRIBED or (template.invites and not source):
        raise Refused(
            _("This text cannot be sent from here. Invitations are sent from the page of a questionnaire."),
            code="wrong_kind",
        )
    place = by.memberships.filter(role__in=[Role.LEAD, Role.MANAGER]).order_by("id").first()
    batch = Batch(
        name=name,
        version=version,
        filters=plain(filters),
        campaign_code=campaign_code,
        source=source,
        starts_at=max(starts_at or now, now),
        team=place.team if place else None,
        unit=place.unit if place else None,
        created_by=by,
        created_at=now,
        client_uuid=client_uuid,
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("This batch has been sent already. Reload the page."), code="uuid_used") from error
    BatchStep.objects.create(case=batch, from_state="", to_state=batch.state, at=now, by=by)
    batch.job = jobs.start(
        JOB, _("Messages: %(name)s") % {"name": name}, owner=by, now=now, params={"batch": batch.pk}
    )
    batch.save(update_fields=["job"])
    return batch


@handler(JOB)
def plan_batch(job, progress):
    """Write the messages of a batch, chunk by chunk behind a cursor; what was written before a stop goes out."""
    batch = Batch.objects.select_related("version__template", "created_by").get(pk=job.params["batch"])
    people = audience(batch.created_by, batch.filters)
    if not job.total:
        progress.save(total=people.count())
    after = progress.cursor.get("after", 0)
    while True:
        progress.stop_if_cancelled()
        chunk = list(people.filter(pk__gt=after).select_related("client")[:CHUNK])
        if not chunk or not _plan_chunk(batch, chunk, progress, now=timezone.now()):
            break
        after = chunk[-1].pk
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state == BatchState.PREPARING:
            advance(batch, BatchState.RUNNING, by=None, at=timezone.now())


@transaction.atomic
def _plan_chunk(batch, customers, progress, *, now) -> bool:
    """The messages to some customers; False when the batch was cancelled meanwhile."""
    rows = Batch.objects.select_related("version__template", "created_by")
    batch = rows.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state == BatchState.CANCELLED:
        return False
    version = batch.version
    template, begin = version.template, max(batch.starts_at, now)
    held = batch.state == BatchState.PAUSED or is_held(batch.campaign_code)
    recipients = addresses_of(customers, template.channel)
    decisions = decide_many(
        [customer.pk for customer in customers],
        channel=template.channel,
        purpose=template.purpose,
        campaign_code=batch.campaign_code,
        now=begin,
    )
    skipped: Counter[str] = Counter()
    chosen = []
    for customer in customers:
        decision = decisions[customer.pk]
        if not recipients[customer.pk]:
            skipped[Message.Problem.NO_ADDRESS.value] += 1
        elif not decision.allowed and decision.next_at is None:
            skipped[decision.codes[0]] += 1
        else:
            chosen.append((customer, f"batch:{batch.pk}:customer:{customer.pk}"))
    links = links_for(batch, chosen, now=now)
    rows = []
    for customer, key in chosen:
        message = filled_message(
            customer=customer,
            version=version,
            key=key,
            recipient=recipients[customer.pk],
            link=links.get(key, ""),
            now=now,
        )
        message.batch, message.campaign_code, message.created_by = (
            batch,
            batch.campaign_code,
            batch.created_by,
        )
        # A link that has ended is worth nothing.
        message.expires_at = begin + LINK_LASTS if batch.source else None
        message.held = held
        settle(message, decisions[customer.pk], begin)
        rows.append(message)
    Message.objects.bulk_create(rows)
    MessageStep.objects.bulk_create(
        MessageStep(case=message, from_state="", to_state=message.state, at=now, by=batch.created_by)
        for message in rows
    )
    Batch.objects.filter(pk=batch.pk).update(skipped=added(batch.skipped, skipped))
    progress.save(
        cursor={"after": customers[-1].pk},
        done=progress.job.done + len(customers),
        ok=progress.job.ok + len(rows),
        skipped=progress.job.skipped + len(customers) - len(rows),
    )
    return True


@transaction.atomic
def pause_batch(*, batch, by, now: datetime) -> Batch:
    """Hold back what has not gone out. Raises ``IllegalMove``."""
    advance(batch, BatchState.PAUSED, by=by, at=now)
    batch.messages.filter(state__in=WAITING).update(held=True)
    return batch


@transaction.atomic
def resume_batch(*, batch, by, now: datetime) -> Batch:
    """Let a paused batch go on, or wait for its paused campaign. Raises ``IllegalMove``."""
    preparing = batch.job is not None and batch.job.is_open
    advance(batch, BatchState.PREPARING if preparing else BatchState.RUNNING, by=by, at=now)
    if not is_held(batch.campaign_code):
        batch.messages.filter(held=True).update(held=False)
    return batch


@transaction.atomic
def cancel_batch(*, batch, by, now: datetime) -> Batch:
    """End a batch: what has not gone out never will. Raises ``IllegalMove``."""
    advance(batch, BatchState.CANCELLED, by=by, at=now)
    waiting = Message.objects.filter(batch=batch, state__in=WAITING)
    advance_all(waiting, MessageState.CANCELLED, by=by, at=now)
    return batch


BATCH_VERBS = {"pause": pause_batch, "resume": resume_batch, "cancel": cancel_batch}


def finish_batches(*, now: datetime) -> int:
    """Close running batches of which nothing waits any more; returns how many."""
    waiting = Message.objects.filter(batch=OuterRef("pk"), state__in=OPEN)
    over = Batch.objects.filter(state=BatchState.RUNNING).exclude(Exists(waiting)).order_by("id")
    return drain(
        "messaging.finish",
        over,
        lambda batch: advance(batch, BatchState.DONE, by=None, at=now),
        now=now,
    )
