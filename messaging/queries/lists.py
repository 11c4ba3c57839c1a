"""Messages, batches, texts and replies as lists and pages show them (CB-9)."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _

from customers.models import Channel, Customer
from messaging.models import Batch, Message, Reply, Template, TemplateVersion
from messaging.queries.sentences import reason_sentence
from messaging.states import OPEN, OUT, WAITING, MessageState, ReplyState

PREVIEWED = 20


def messages(user, *, state: str = "", channel: str = "", batch: int | None = None) -> QuerySet[Message]:
    """Messages in scope, newest first, with what a list shows; one query. ``batch`` is a number."""
    rows = Message.objects.visible_to(user).select_related("customer", "version__template")
    if state:
        rows = rows.filter(state=state)
    if channel:
        rows = rows.filter(channel=channel)
    if batch:
        rows = rows.filter(batch_id=batch)
    return rows.order_by("-id")


def outbox(user) -> QuerySet[Message]:
    """What the local gateway has delivered, newest first, with the replies to it; two queries."""
    replies = Prefetch("replies", Reply.objects.order_by("received_at", "id"))
    rows = Message.objects.visible_to(user).filter(gateway="outbox", state__in=OUT)
    return rows.select_related("customer").prefetch_related(replies).order_by("-sent_at", "-id")


def letters(user, *, now: datetime) -> QuerySet[Message]:
    """Letters that wait to be printed and posted, oldest first."""
    rows = Message.objects.visible_to(user).filter(
        channel=Channel.POST, state__in=WAITING, held=False, next_at__lte=now
    )
    return rows.select_related("customer").order_by("next_at", "id")


def templates(user) -> QuerySet[Template]:
    """Texts with their versions, newest first; two queries."""
    versions = Prefetch("versions", TemplateVersion.objects.order_by("-number", "-id"))
    return Template.objects.visible_to(user).prefetch_related(versions).order_by("channel", "kind", "id")


def approved(user) -> QuerySet[Template]:
    """Texts with an approved version."""
    usable = TemplateVersion.objects.usable().values("template_id")
    return Template.objects.visible_to(user).filter(pk__in=usable).order_by("channel", "kind", "id")


def sendable(user) -> QuerySet[Template]:
    """Texts that can be sent from the pages of messages: approved, no invitation, no answer to a stop word."""
    of_their_own = [Template.Kind.SURVEY, Template.Kind.CONFIRMATION, Template.Kind.UNSUBSCRIBED]
    return approved(user).exclude(kind__in=of_their_own)


def inviting(user) -> QuerySet[Template]:
    """Approved texts that carry the link to a questionnaire."""
    return approved(user).filter(kind=Template.Kind.SURVEY)


def preview_customers(user) -> list[Customer]:
    """Customers in scope on whom a text can be tried."""
    rows = Customer.objects.visible_to(user).filter(restriction="").select_related("client")
    return list(rows.order_by("-id")[:PREVIEWED])


def sample_customer() -> Customer:
    """A made-up customer for trying a text where nobody is in scope; never saved."""
    return Customer(name="王芳", gender=Customer.Gender.FEMALE)


def batches(user) -> QuerySet[Batch]:
    """Batches in scope, newest first."""
    rows = Batch.objects.visible_to(user).select_related("version__template", "created_by", "job")
    return rows.order_by("-id")


def batch_counts(batch: Batch) -> dict:
    """How far a batch is: rows by state in their order, SMS parts sent, and who was left out and why; two queries."""
    rows = batch.messages.order_by().values("state").annotate(count=Count("id"))
    found = {row["state"]: row["count"] for row in rows}
    parts = batch.messages.filter(state__in=OUT).aggregate(parts=Sum("segments"))["parts"] or 0
    reasons = Counter(batch.skipped)
    return {
        "total": sum(found.values()),
        "open": sum(found.get(state, 0) for state in OPEN),
        "ended": sum(count for state, count in found.items() if state not in OPEN),
        "states": [(state.label, found[state]) for state in MessageState if found.get(state)],
        "parts": parts,
        "skipped": [(reason_sentence(code), count) for code, count in reasons.most_common()],
    }


def replies(user, *, handled: bool = False, unmatched: bool = False) -> QuerySet[Reply]:
    """Replies in scope: those to be read, urgent and oldest first, or those that are done, newest first."""
    rows = Reply.objects.visible_to(user).select_related("customer", "message__version__template")
    if unmatched:
        rows = rows.filter(customer=None)
    if handled:
        return rows.filter(state=ReplyState.HANDLED).order_by("-handled_at", "-id")
    return rows.filter(state=ReplyState.NEW).order_by("-urgent", "received_at", "id")


def history(case) -> list:
    """The steps of a message, batch, text or reply, oldest first."""
    return list(case.steps.select_related("by").order_by("at", "id"))


def customer_messages(user, customer: Customer) -> list[dict]:
    """The last messages to a customer and replies of the customer in one line of time, newest first."""
    sent = messages(user).filter(customer=customer)[:20]
    came = Reply.objects.visible_to(user).filter(customer=customer).order_by("-received_at", "-id")[:20]
    found = [{"at": one.sent_at or one.created_at, "message": one} for one in sent]
    found += [{"at": one.received_at, "reply": one} for one in came]
    return sorted(found, key=lambda entry: entry["at"], reverse=True)[:20]


def blocked_sentences(message: Message) -> list[str]:
    """Why a message waits or has ended."""
    return [reason_sentence(code) for code in message.blocked_by] or (
        [_("The batch is paused.")] if message.held else []
    )
