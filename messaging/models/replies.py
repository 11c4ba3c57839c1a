"""What comes back: replies of customers, receipts of gateways, and the words that end messages (CB-9, CUS-8)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.models import Step
from customers.models import Channel, Customer
from messaging.models.messages import Message
from messaging.states import REPLY_MOVES, ReplyState


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Replies of the customers of one's teams and units; those of nobody known concern every lead and manager."""
        scope = user.scope()
        reached = scope.rows(team="customer__team", unit="customer__unit")
        if scope.has(Role.LEAD, Role.MANAGER):
            reached |= Q(customer=None)
        return self.filter(reached)


class Reply(models.Model):
    """One inbound text. ``customer`` and ``message`` are empty until it is known whose it is and what it answers."""

    class Outcome(models.TextChoices):
        NONE = "", _("to be read")
        STOPPED = "stopped", _("consent withdrawn")
        ANSWERED = "answered", _("taken as the answer")
        PERSON = "person", _("handled by a person")

    MOVES = REPLY_MOVES

    key = models.CharField(max_length=140, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    sender = models.CharField(_("sender"), max_length=320)
    body = models.TextField(_("text"))
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="message_replies",
        verbose_name=_("customer"),
    )
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="replies")
    state = models.CharField(_("state"), max_length=10, choices=ReplyState, default=ReplyState.NEW)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    # It holds a stop word within another sentence: a person reads it first.
    urgent = models.BooleanField(_("urgent"), default=False)
    # The apps above have looked at it and leave it to a person.
    screened = models.BooleanField(default=False)
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [
            models.Index(
                fields=["-urgent", "received_at", "id"],
                name="reply_to_read",
                condition=Q(state=ReplyState.NEW),
            ),
            models.Index(fields=["message"], name="reply_to_message"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class ReplyStep(Step):
    case = models.ForeignKey(Reply, models.CASCADE, related_name="steps")


Reply.STEP = ReplyStep


class GatewayEvent(models.Model):
    """What a gateway told us, kept as it came before anything is made of it; once per ``key``."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("delivery receipt")
        REPLY = "reply", _("reply")

    key = models.CharField(max_length=140, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    payload = models.JSONField(_("content"))
    received_at = models.DateTimeField(_("received"))
    # Empty when it has been made something of, or there is nothing to wait for.
    try_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gateway event")
        verbose_name_plural = _("gateway events")
        indexes = [
            models.Index(fields=["try_at", "id"], name="gateway_event_due", condition=Q(try_at__isnull=False))
        ]

    def __str__(self):
        return self.key


class StopWord(models.Model):
    """A reply by which a customer ends messages of a channel and purpose; compared without case, blanks and signs."""

    word = models.CharField(_("word"), max_length=40, unique=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("stop word")
        verbose_name_plural = _("stop words")

    def __str__(self):
        return self.word
