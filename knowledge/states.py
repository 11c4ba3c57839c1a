"""How far an article has come, and the legal moves (ORG-8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


ARTICLE_MOVES = {
    ArticleState.DRAFT: {ArticleState.PUBLISHED},
    ArticleState.PUBLISHED: {ArticleState.WITHDRAWN},
    ArticleState.WITHDRAWN: {ArticleState.PUBLISHED},
}
