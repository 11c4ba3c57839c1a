"""Letters and home visits: what became of a task that is worked away from the telephone (CB-12)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.tasks import Task
from callbacks.states import DELIVERY_MOVES, DeliveryState
from callcenter.models import Step


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The letters and visits of the tasks in scope."""
        return self.filter(task__in=Task.objects.visible_to(user))


class Delivery(models.Model):
    """The letter or the visit of one task. Instants are those of the results as people report them.

    ``attempts`` counts letters posted and calls at the door. ``sent_at`` is that of the last letter. ``response`` holds the
    answers of the paper that came back or was filled in at the door.
    """

    MOVES = DELIVERY_MOVES

    task = models.OneToOneField(Task, models.CASCADE, related_name="delivery")
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.OPEN)
    attempts = models.PositiveSmallIntegerField(_("times tried"), default=0)
    sent_at = models.DateTimeField(_("posted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)
    remark = models.CharField(_("note"), max_length=500, blank=True)
    response = models.OneToOneField(
        "surveys.Response", models.SET_NULL, null=True, blank=True, related_name="delivery"
    )
    created_at = models.DateTimeField(_("created"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter or visit")
        verbose_name_plural = _("letters and visits")
        indexes = [
            # Letters without a reply whose time may be over.
            models.Index(fields=["task"], name="delivery_silent", condition=Q(state=DeliveryState.SENT)),
        ]

    def __str__(self):
        return f"#{self.pk}"


class DeliveryStep(Step):
    case = models.ForeignKey(Delivery, models.CASCADE, related_name="steps")


Delivery.STEP = DeliveryStep
