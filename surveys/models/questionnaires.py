"""Question bank and versioned questionnaires (CAM-6, CAM-7)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized


class Question(models.Model):
    """A question of the bank. Texts and options are data in three languages.

    ``options`` is a list of ``{"value": "5", "text": {language: text}, "score": 5}``.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("single choice")
        MULTI = "multi", _("multiple choice")
        SCALE5 = "scale5", _("scale 1 to 5")
        SCALE10 = "scale10", _("scale 0 to 10")
        YESNO = "yesno", _("yes or no")
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.JSONField(_("text"))
    options = models.JSONField(_("options"), default=list, blank=True)
    direction = models.CharField(_("direction"), max_length=40, blank=True)
    purpose = models.CharField(_("purpose"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("question bank")

    def __str__(self):
        return localized(self.text)


class Questionnaire(models.Model):
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def __str__(self):
        return self.name


class QuestionnaireVersion(models.Model):
    """A numbered set of items; frozen at its first use, so that answers keep the version they were asked in."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_once")
        ]

    def __str__(self):
        return f"{self.questionnaire} v{self.number}"


class Item(models.Model):
    """A question at its place. With ``depends_on`` it is asked only when that earlier answer is in ``when_values``."""

    version = models.ForeignKey(QuestionnaireVersion, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="items")
    required = models.BooleanField(_("required"), default=True)
    depends_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="dependants")
    when_values = models.JSONField(_("asked when the answer is one of"), default=list, blank=True)

    class Meta:
        verbose_name = _("questionnaire item")
        verbose_name_plural = _("questionnaire items")
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="item_position_once"),
            models.CheckConstraint(
                name="item_not_on_itself", condition=Q(depends_on=None) | ~Q(depends_on=models.F("id"))
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.question}"
