"""The outbox: one row per message is plan, schedule and record at once; batches put many there (CB-9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.models import Job, Step
from customers.models import Channel, Contact, Customer, Purpose
from messaging.models.templates import TemplateVersion
from messaging.states import (
    BATCH_MOVES,
    MESSAGE_MOVES,
    OPEN,
    WAITING,
    BatchState,
    MessageState,
)


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own batches, and those of the teams one leads; a batch holds only customers its author reached."""
        scope = user.scope()
        return self.filter(scope.rows(team="team", unit="unit") | Q(created_by=user))


class Batch(models.Model):
    """One text to many customers. ``filters`` are those of the customer list, ``source`` asks who makes the links."""

    MOVES = BATCH_MOVES

    name = models.CharField(_("name"), max_length=120)
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="batches", verbose_name=_("text")
    )
    filters = models.JSONField(default=dict, blank=True)
    campaign_code = models.CharField(_("campaign"), max_length=40, blank=True)
    source = models.CharField(max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.PREPARING)
    starts_at = models.DateTimeField(_("starts"))
    # Whom it does not reach, counted by code: no address, no consent, do-not-call …
    skipped = models.JSONField(_("left out"), default=dict, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    # Where its author works: who leads that team or unit sees it too.
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"))
    client_uuid = models.UUIDField(unique=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [
            models.Index(
                fields=["id"],
                name="message_batch_running",
                condition=Q(state=BatchState.RUNNING),
            )
        ]

    def __str__(self):
        return self.name


class BatchStep(Step):
    case = models.ForeignKey(Batch, models.CASCADE, related_name="steps")


Batch.STEP = BatchStep


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Messages to the customers of one's teams and units (ORG-1)."""
        return self.filter(user.scope().rows(team="customer__team", unit="customer__unit"))

    def due(self, now):
        """What may be handed to a gateway at ``now``, in order. Letters wait for a person to post them."""
        rows = self.filter(state__in=WAITING, held=False, next_at__lte=now)
        return rows.exclude(channel=Channel.POST).order_by("next_at", "id")


class Message(models.Model):
    """One message to one customer.

    ``key`` makes it exactly once and goes to the gateway as idempotency key. ``next_at`` is when it may next be tried,
    ``expires_at`` when it is worth nothing any more. ``token`` fences: it grows with every attempt. ``lease_until`` tells a
    sender that died from one at work. ``contact`` is its row in the ledger from which caps are counted.
    """

    class Problem(models.TextChoices):
        """What is no rule of contacts but keeps a message from the customer."""

        NO_ADDRESS = "no_address", _("The customer has no address for this channel.")
        EXPIRED = "expired", _("Its time was over before it could be sent.")
        REJECTED = "rejected", _("The gateway refused it.")
        GIVEN_UP = "given_up", _("The gateway could not be reached; all attempts are used.")
        UNCERTAIN = "uncertain", _("The connection broke; whether it was sent is not known.")
        UNDELIVERED = "undelivered", _("The network could not deliver it.")

    MOVES = MESSAGE_MOVES

    key = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="messages")
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="messages", verbose_name=_("text")
    )
    batch = models.ForeignKey(
        Batch, models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    # The reply of the customer this answers, as a confirmation: no rule of contacts speaks against an answer.
    answers = models.ForeignKey(
        "messaging.Reply", models.CASCADE, null=True, blank=True, related_name="confirmations"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    campaign_code = models.CharField(_("campaign"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10)
    recipient = models.CharField(_("recipient"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    encoding = models.CharField(max_length=5, blank=True)
    segments = models.PositiveSmallIntegerField(_("SMS parts"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    held = models.BooleanField(default=False)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    expires_at = models.DateTimeField(_("not after"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Grows when a person sends it again, so that the gateway does not take it for the attempt it has refused.
    round = models.PositiveSmallIntegerField(default=0)
    token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Codes of customers.rules.contact or of Problem.
    blocked_by = models.JSONField(default=list, blank=True)
    error = models.CharField(_("what the gateway said"), max_length=300, blank=True)
    gateway = models.CharField(_("gateway"), max_length=10, blank=True)
    gateway_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="message_being_sent_has_lease",
                condition=~Q(state=MessageState.SENDING) | Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_message_has_a_time",
                condition=~Q(state__in=list(WAITING)) | Q(next_at__isnull=False),
            ),
        ]
        indexes = [
            # The sender: what is due, first come first served.
            models.Index(
                fields=["next_at", "id"],
                name="message_due",
                condition=Q(state__in=list(WAITING), held=False),
            ),
            # Senders that died.
            models.Index(
                fields=["lease_until"], name="message_lease", condition=Q(state=MessageState.SENDING)
            ),
            # A receipt names the gateway's number.
            models.Index(fields=["gateway_id"], name="message_at_gateway", condition=~Q(gateway_id="")),
            # A reply comes from the address of the last message.
            models.Index(fields=["recipient", "-sent_at"], name="message_last_to"),
            models.Index(fields=["customer", "-id"], name="message_of_customer"),
            models.Index(
                fields=["batch", "state"], name="message_of_batch", condition=Q(batch__isnull=False)
            ),
            # What a pause holds back.
            models.Index(fields=["campaign_code"], name="message_held", condition=Q(held=True)),
        ]

    def __str__(self):
        return f"#{self.pk}"

    @property
    def is_open(self):
        return self.state in OPEN


class MessageStep(Step):
    case = models.ForeignKey(Message, models.CASCADE, related_name="steps")


Message.STEP = MessageStep
