"""Writing, publishing, reading and doubting articles (ORG-8)."""

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from callcenter.sweeps import beat, drain
from callcenter.workdays import local_day
from callcenter.workflow import advance
from knowledge.models import Article, ArticleStep, ArticleVersion, Feedback, Reading


@transaction.atomic
def save_article(*, article, seen, values, campaigns, reason="", again=False, by, now) -> Article:
    """Keep an article, new (``article`` None) or changed; a changed title or text is a new version.

    ``seen`` is the version the person had before them: raises ``Conflict`` when another one has come since. ``again`` asks
    everybody to read a must-read article once more.
    """
    if article is None:
        article = Article.objects.create(**values, changed_at=now)
        ArticleStep.objects.create(case=article, from_state="", to_state=article.state, at=now, by=by)
        new = True
    else:
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.number != seen:
            raise Conflict(
                _(
                    "Somebody else has changed this article meanwhile. Reload the page; copy what you typed first."
                ),
                code="article_changed",
            )
        new = (article.title, article.body) != (values["title"], values["body"])
        for name, value in values.items():
            setattr(article, name, value)
        article.number += new
        if again and new:
            article.read_from = article.number
        article.changed_at = now
        article.save()
    article.campaigns.set(campaigns)
    if new:
        ArticleVersion.objects.create(
            article=article,
            number=article.number,
            title=article.title,
            body=article.body,
            reason=reason,
            by=by,
            at=now,
        )
    return article


def move_article(*, article, to, by, now) -> Article:
    """Publish or withdraw. Raises ``IllegalMove``, ``LostRace``."""
    return advance(article, to, by=by, at=now)


def acknowledge(*, article, number, by, now) -> None:
    """A person has read version ``number``; saying it again, or of an older one, changes nothing."""
    number = min(number, article.number)
    reading, made = Reading.objects.get_or_create(
        article=article, reader=by, defaults={"number": number, "at": now}
    )
    if not made:
        Reading.objects.filter(pk=reading.pk, number__lt=number).update(number=number, at=now)


@transaction.atomic
def report_outdated(*, article, text, by, now) -> Feedback:
    """An agent says what is out of date; the owner is told. Raises ``Refused`` without words."""
    words = " ".join(text.split())[:500]
    if not words:
        message = _("Say in a few words what is out of date.")
        raise Refused(message, code="no_words", fields={"text": [message]})
    row = Feedback.objects.create(article=article, number=article.number, text=words, by=by, at=now)
    notify(
        [article.owner],
        gettext_noop("%(person)s says that the article “%(title)s” is out of date."),
        key=f"article-feedback:{row.pk}",
        now=now,
        url=reverse("knowledge:article", args=[article.pk]),
        person=str(by),
        title=article.title,
    )
    return row


def settle_feedback(*, feedback, by, now) -> bool:
    """The article was put right, or is right; False when somebody has said so before."""
    rows = Feedback.objects.filter(pk=feedback.pk, settled_at=None)
    return bool(rows.update(settled_by=by, settled_at=now))


def remind_of_reviews(*, now) -> int:
    """Tell owners of published articles whose review day has come, once for each day; returns how many."""
    today = local_day(now, settings.TIME_ZONE)
    due = Article.objects.published().filter(
        Q(reminded_for=None) | ~Q(reminded_for=F("review_by")), review_by__lte=today
    )
    rows = due.select_related("owner").order_by("review_by", "id")
    count = drain("knowledge.remind", rows, lambda article: _remind(article, now), now=now, limit=500)
    beat("knowledge.remind_of_reviews", now=now, handled=count)
    return count


def _remind(article, now):
    Article.objects.filter(pk=article.pk).update(reminded_for=article.review_by)
    notify(
        [article.owner],
        gettext_noop("The article “%(title)s” is to be reviewed."),
        key=f"article-review:{article.pk}:{article.review_by}",
        now=now,
        url=reverse("knowledge:article", args=[article.pk]),
        level=Notification.Level.WARNING,
        title=article.title,
    )
