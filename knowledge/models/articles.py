"""Articles of the knowledge base: versions, who has read what must be read, and what agents say of them (ORG-8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.models import Step
from campaigns.models import Campaign
from knowledge.states import ARTICLE_MOVES, ArticleState

EDITORS = (Role.LEAD, Role.MANAGER, Role.TRAINER)
READERS = (
    Role.AGENT,
    Role.LEAD,
    Role.QA,
    Role.QA_SUPERVISOR,
    Role.COMPLAINT,
    Role.DEPARTMENT,
    Role.MANAGER,
    Role.TRAINER,
)


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Editors see all articles, the other staff the published ones; clients none."""
        scope = user.scope()
        if scope.has(*EDITORS):
            return self
        return self.published() if scope.has(*READERS) else self.none()

    def published(self):
        return self.filter(state=ArticleState.PUBLISHED)


class Article(models.Model):
    """The text in force; ``number`` is its version. Without campaigns it concerns everybody.

    A ``must_read`` article is to be read by each agent concerned from version ``read_from`` on. ``reminded_for`` is the
    review day of which the owner has been told.
    """

    MOVES = ARTICLE_MOVES

    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    topic = models.CharField(_("topic"), max_length=60)
    campaigns = models.ManyToManyField(
        Campaign, blank=True, related_name="+", verbose_name=_("only for these campaigns")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    review_by = models.DateField(_("to be reviewed by"), null=True, blank=True)
    reminded_for = models.DateField(null=True, editable=False)
    must_read = models.BooleanField(_("every agent must read it"), default=False)
    read_from = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ArticleState, default=ArticleState.DRAFT)
    number = models.PositiveIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [models.Index(fields=["state", "review_by"], name="article_to_review")]

    def __str__(self):
        return self.title


class ArticleStep(Step):
    case = models.ForeignKey(Article, models.CASCADE, related_name="steps")


Article.STEP = ArticleStep


class ArticleVersion(models.Model):
    """A text as it once was, who wrote it and why."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_version_once")]

    def __str__(self):
        return f"{self.title} v{self.number}"


class Reading(models.Model):
    """That a person has said of a version: read."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("reading of an article")
        verbose_name_plural = _("readings of articles")
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="reading_once")]

    def __str__(self):
        return f"{self.reader_id} v{self.number}"


class Feedback(models.Model):
    """An agent says that an article is out of date, and what is wrong; its owner is told, and it is settled once."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="feedback")
    number = models.PositiveIntegerField(_("version"))
    text = models.CharField(_("what is out of date"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("reported"))
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("feedback on an article")
        verbose_name_plural = _("feedback on articles")

    def __str__(self):
        return self.text
