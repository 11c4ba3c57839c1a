"""Answers, kept in the version they were asked in (CAM-7)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.questionnaires import Item, QuestionnaireVersion


class ResponseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Answers of the customers of one's teams and units; an observer's are those of the client (ORG-1)."""
        scope = user.scope()
        return self.filter(
            scope.rows(team="customer__team", unit="customer__unit", client="customer__client")
        )

    def counted(self):
        """Responses that count in scores: complete ones (domain.md section 6)."""
        return self.filter(complete=True)


class Response(models.Model):
    """One customer's answers to one questionnaire version, by one channel."""

    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="responses")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="responses")
    channel = models.CharField(_("channel"), max_length=10)
    client_uuid = models.UUIDField(unique=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    complete = models.BooleanField(_("complete"), default=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [models.Index(fields=["version", "submitted_at"], name="response_of_version")]

    def __str__(self):
        return f"{self.version} · {self.customer_id}"


class Answer(models.Model):
    """One typed answer. ``asked=False`` marks an answer whose branch was left: kept for audit, out of the metrics."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers")
    asked = models.BooleanField(default=True)
    refused = models.BooleanField(_("not answered"), default=False)
    values = models.JSONField(_("chosen"), default=list, blank=True)
    number = models.DecimalField(_("number"), max_digits=14, decimal_places=4, null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    # The customer's newest answer to this question that counts, over every version it was asked in (CUS-5).
    latest = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["response", "item"], name="answer_once")]
        indexes = [
            models.Index(fields=["item", "number"], name="answer_scores", condition=Q(asked=True)),
            models.Index(
                fields=["item", "number"],
                name="answer_latest",
                include=["response"],
                condition=Q(latest=True),
            ),
        ]

    def __str__(self):
        return self.text or ", ".join(self.values)

    @property
    def shown(self):
        """The answer as a reader sees it: the text, the plain number, or the chosen values."""
        if self.number is not None and not self.values:
            return f"{self.number:f}".rstrip("0").rstrip(".")
        return self.text or ", ".join(self.values)
