"""Question bank and versioned questionnaires (CAM-6, CAM-7)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.texts import localized
from surveys.states import VersionState

READERS = (Role.MANAGER, Role.TRAINER, Role.LEAD, Role.QA_SUPERVISOR)


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bank belongs to the centre: whoever works with questionnaires sees all of it."""
        return self if user.scope().has(*READERS) else self.none()


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
    customer_kind = models.CharField(_("kind of customer"), max_length=40, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("question bank")

    def __str__(self):
        return localized(self.text)


class QuestionnaireQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever works with questionnaires sees all; a client's observer those its own customers answered."""
        scope = user.scope()
        if scope.has(*READERS):
            return self
        clients = [grant.client_id for grant in scope.grants if grant.client_id]
        answered = QuestionnaireVersion.objects.filter(
            questionnaire=OuterRef("pk"), responses__complete=True, responses__customer__client_id__in=clients
        )
        return self.filter(Exists(answered))


class Questionnaire(models.Model):
    """A questionnaire under one name; the columns ``rotate_*`` say when a question is worn out (CAM-8)."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)
    rotate_days = models.PositiveSmallIntegerField(_("rotation: period in days"), default=90)
    rotate_answers = models.PositiveIntegerField(_("rotation: answers at least"), default=100)
    rotate_mean = models.DecimalField(
        _("rotation: mean at least"), max_digits=3, decimal_places=2, default="4.50"
    )
    rotate_low = models.DecimalField(
        _("rotation: lower bound at least"), max_digits=3, decimal_places=2, default="4.30"
    )

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def __str__(self):
        return self.name


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The versions of the questionnaires in scope."""
        return self.filter(questionnaire__in=Questionnaire.objects.visible_to(user))

    def usable(self):
        """Versions a campaign may ask: published, or already in use."""
        return self.filter(Q(published_at__isnull=False) | Q(frozen_at__isnull=False))


class QuestionnaireVersion(models.Model):
    """A numbered set of items; frozen at its first use, so that answers keep the version they were asked in."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_once")
        ]

    def __str__(self):
        return f"{self.questionnaire} v{self.number}"

    @property
    def state(self):
        if self.frozen_at:
            return VersionState.FROZEN
        return VersionState.PUBLISHED if self.published_at else VersionState.DRAFT


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
            models.UniqueConstraint(fields=["version", "question"], name="item_question_once"),
            models.CheckConstraint(
                name="item_not_on_itself", condition=Q(depends_on=None) | ~Q(depends_on=models.F("id"))
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.question}"
