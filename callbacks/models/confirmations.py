"""Asking the customer of a trial whether to go on: promise, task, answer and evidence in one row (CAM-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call
from callbacks.models.orders import Order
from callbacks.models.tasks import Task
from callbacks.states import CONFIRMATION_MOVES, CONFIRMATION_OPEN, ConfirmationState
from callcenter.models import Step
from messaging.models import Message, Reply

EVIDENCE = Q(call__isnull=False) | Q(message__isnull=False)
ALL_FOUR = Q(owner=True, understood=True, script=True, consent=True)


class Confirmation(models.Model):
    """One question to the customer. ``due_at`` is when the sweep makes its task, ``deadline`` the end of the trial.

    ``place`` is 1 or 2: which of the two confirmations it is to bring. ``accepted`` says that it did. An order has one open
    question at a time; an answer that does not count is followed by another row.
    """

    class Answer(models.TextChoices):
        CONTINUE = "continue", _("goes on")
        UNWANTED = "unwanted", _("no longer wanted")
        CONSIDERING = "considering", _("wants to think about it")
        SELF_CANCEL = "self_cancel", _("will cancel personally")
        REFUSED = "refused", _("refused to talk")
        UNREACHABLE = "unreachable", _("not reached")

    class Way(models.TextChoices):
        PHONE = "phone", _("phone")
        REPLY = "reply", _("reply to a message")
        LINK = "link", _("link in a message")

    MOVES = CONFIRMATION_MOVES

    order = models.ForeignKey(Order, models.CASCADE, related_name="confirmations")
    sequence = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(_("confirmation"))
    state = models.CharField(
        _("state"), max_length=10, choices=ConfirmationState, default=ConfirmationState.WAITING
    )
    due_at = models.DateTimeField(_("due"))
    deadline = models.DateTimeField(_("deadline"))
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, blank=True, related_name="confirmation", verbose_name=_("task")
    )
    # What was sent to ask by message, and the secret of its link.
    message = models.OneToOneField(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmation",
        verbose_name=_("message"),
    )
    token_hash = models.CharField(max_length=64, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, blank=True)
    way = models.CharField(_("given by"), max_length=8, choices=Way, blank=True)
    accepted = models.BooleanField(_("counts"), default=False)
    # The four criteria of validity (QA-3).
    owner = models.BooleanField(_("owner or entitled adult, verified and willing"), default=False)
    understood = models.BooleanField(_("has understood content and price"), default=False)
    script = models.BooleanField(_("approved script with all statements"), default=False)
    consent = models.BooleanField(_("explicit consent"), default=False)
    # The evidence: the call, or the message with the customer's reply to it or the use of its link.
    call = models.OneToOneField(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmation",
        verbose_name=_("call"),
    )
    reply = models.OneToOneField(
        Reply, models.PROTECT, null=True, blank=True, related_name="confirmation", verbose_name=_("reply")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("confirmation of a trial")
        verbose_name_plural = _("confirmations of trials")
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="confirmation_once"),
            models.UniqueConstraint(
                fields=["order"],
                name="one_open_confirmation",
                condition=Q(state__in=list(CONFIRMATION_OPEN)),
            ),
            models.UniqueConstraint(
                fields=["order", "place"], name="each_confirmation_once", condition=Q(accepted=True)
            ),
            models.UniqueConstraint(
                fields=["token_hash"], name="confirmation_link", condition=~Q(token_hash="")
            ),
            models.CheckConstraint(name="confirmation_place", condition=Q(place__in=[1, 2])),
            models.CheckConstraint(
                name="confirmation_answered",
                condition=~Q(state=ConfirmationState.DONE) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="confirmation_has_evidence",
                condition=Q(accepted=False)
                | (Q(state=ConfirmationState.DONE, answer="continue") & ALL_FOUR & EVIDENCE),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="confirmation_due",
                condition=Q(state=ConfirmationState.WAITING),
            ),
            models.Index(
                fields=["id"], name="confirmation_asked", condition=Q(state=ConfirmationState.PLANNED)
            ),
        ]

    def __str__(self):
        return f"#{self.order_id}.{self.sequence}"


class ConfirmationStep(Step):
    case = models.ForeignKey(Confirmation, models.CASCADE, related_name="steps")


Confirmation.STEP = ConfirmationStep
