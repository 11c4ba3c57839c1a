"""The knowledge base: list, article with its versions, writing; and the panel and the must-read card of the desk (ORG-8)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from callcenter.workdays import local_day
from knowledge import actions, queries
from knowledge.forms import ArticleFilter, ArticleForm, OutdatedForm
from knowledge.models import EDITORS, READERS, Article, Feedback
from knowledge.rules.versions import changes
from knowledge.states import ArticleState

readers, editors, agents_only = roles(*READERS), roles(*EDITORS), roles(Role.AGENT)
SHOWN = 20


def _article(request, pk):
    return get_object_or_404(Article.objects.visible_to(request.user).select_related("owner"), pk=pk)


@readers
@require_GET
def article_list(request):
    """All articles in scope with search and filters."""
    topics = (
        Article.objects.visible_to(request.user).order_by("topic").values_list("topic", flat=True).distinct()
    )
    form = ArticleFilter(request.GET, topics=topics[:200])
    chosen = form.chosen()
    today = local_day(timezone.now(), settings.TIME_ZONE)
    chosen["due"] = today if chosen["due"] else None
    rows = queries.articles(request.user, **chosen)
    context = {
        "form": form,
        "page": page_of(rows, request.GET.get("page")),
        "today": today,
        "may_write": request.user.scope().has(*EDITORS),
    }
    return render(request, "knowledge/list.html", context)


@readers
@require_GET
def article(request, pk):
    """The article, what changed from version to version, what agents say of it, and who has not read it."""
    found = _article(request, pk)
    may_write = request.user.scope().has(*EDITORS)
    context = {
        "article": found,
        "campaigns": found.campaigns.order_by("name", "id"),
        "may_write": may_write,
        "moves": [(to, ArticleState(to).label) for to in sorted(Article.MOVES[found.state])]
        if may_write
        else [],
        "form": OutdatedForm(),
    }
    if may_write:
        versions = list(found.versions.select_related("by").order_by("-number")[: SHOWN + 1])
        context["versions"] = [
            (version, changes(older.body, version.body) if older else [])
            for version, older in zip(versions[:SHOWN], [*versions[1:], None], strict=False)
        ]
        context["feedback"] = found.feedback.select_related("by", "settled_by").order_by("-id")[:SHOWN]
        if found.must_read and found.state == ArticleState.PUBLISHED:
            waiting = queries.not_read_by(request.user, found)
            context["concerned"] = queries.concerned(request.user, found).count()
            context["waiting_count"] = waiting.count()
            context["waiting"] = waiting[:50]
    return render(request, "knowledge/article.html", context)


@editors
@require_http_methods(["GET", "POST"])
def article_edit(request, pk=None):
    """Write an article, or a new version of one."""
    found = _article(request, pk) if pk else None
    form = ArticleForm(posted(request), instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        saved = attempt(
            form,
            actions.save_article,
            article=found,
            seen=data["seen"],
            values=form.values(),
            campaigns=data["campaigns"],
            reason=data.get("reason", ""),
            again=data.get("again", False),
            by=request.user,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, _("The article is saved."))
            return redirect("knowledge:article", pk=saved.pk)
    return render(request, "knowledge/edit.html", {"form": form, "article": found})


@editors
@require_POST
def article_move(request, pk, to):
    """Publish or withdraw."""
    if to not in ArticleState.values:
        raise Http404
    actions.move_article(
        article=_article(request, pk), to=ArticleState(to), by=request.user, now=timezone.now()
    )
    return redirect("knowledge:article", pk=pk)


@readers
@require_POST
def outdated(request, pk):
    """Say that an article is out of date; from the desk the answer is one line."""
    found, form = _article(request, pk), OutdatedForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    actions.report_outdated(article=found, text=text, by=request.user, now=timezone.now())
    if request.htmx:
        return HttpResponse(_("Thank you. The owner of the article is told."))
    messages.success(request, _("Thank you. The owner of the article is told."))
    return redirect("knowledge:article", pk=pk)


@editors
@require_POST
def feedback_settle(request, pk):
    rows = Feedback.objects.filter(article__in=Article.objects.visible_to(request.user))
    found = get_object_or_404(rows, pk=pk)
    actions.settle_feedback(feedback=found, by=request.user, now=timezone.now())
    return redirect("knowledge:article", pk=found.article_id)


@readers
@require_GET
def search(request):
    """The hits of the desk's panel, as a fragment."""
    question, campaign = request.GET.get("q", ""), request.GET.get("campaign", "")
    clean = question.replace("\x00", "")[:60], campaign.replace("\x00", "")[:40]
    hits = queries.search(request.user, clean[0], campaign=clean[1])
    return render(request, "knowledge/_hits.html", {"hits": hits, "question": clean[0]})


@readers
@require_GET
def panel(request, pk):
    """One article in the desk's panel, as a fragment."""
    return render(
        request, "knowledge/_panel.html", {"article": _article(request, pk), "form": OutdatedForm()}
    )


@agents_only
@require_GET
def unread(request):
    """The next article that the agent must read, as a fragment; empty when there is none."""
    waiting = queries.unread(request.user)
    return render(
        request, "knowledge/_unread.html", {"article": next(iter(waiting), None), "left": len(waiting)}
    )


@agents_only
@require_POST
def acknowledge(request, pk):
    """The agent has read the version that was shown; the answer is the next one."""
    found = _article(request, pk)
    raw = request.POST.get("number", "")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else found.number
    actions.acknowledge(article=found, number=number, by=request.user, now=timezone.now())
    waiting = queries.unread(request.user)
    return render(
        request, "knowledge/_unread.html", {"article": next(iter(waiting), None), "left": len(waiting)}
    )
