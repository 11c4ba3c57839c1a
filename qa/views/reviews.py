"""Quality pages: the work list and one review."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callbacks.queries import said_in
from callbacks.queries.recordings import playable, recording_of
from callcenter.access import Role, roles
from callcenter.paging import page_of
from qa import actions, queries
from qa.forms import ScoreForm
from qa.models import Review

inspectors = roles(Role.QA, Role.QA_SUPERVISOR)
readers = roles(Role.QA, Role.QA_SUPERVISOR, Role.AGENT, Role.LEAD, Role.MANAGER)


@readers
@require_GET
def reviews(request):
    scope = request.user.scope()
    is_inspector = scope.has(Role.QA, Role.QA_SUPERVISOR)
    tab = request.GET.get("tab", "todo") if is_inspector else "done"
    context = {
        "tab": tab if tab in queries.TABS else "todo",
        "is_inspector": is_inspector,
        "may_see_plans": is_inspector or scope.has(Role.LEAD, Role.MANAGER),
        "counts": queries.open_reviews(request.user),
        "page": page_of(queries.work_list(request.user, tab), request.GET.get("page")),
    }
    return render(request, "qa/list.html", context)


@readers
@require_GET
def review(request, pk):
    """The result; while it is in the inspector's hands, the scorecard."""
    found = _find(request, pk)
    criteria = queries.criteria_of(found.scorecard_id)
    mine = found.state == "in_review" and found.reviewer_id == request.user.pk
    form = ScoreForm(criteria=criteria) if mine else None
    return render(request, "qa/review.html", _context(request, found, form))


def _find(request, pk):
    rows = Review.objects.visible_to(request.user).select_related(
        "agent", "reviewer", "team", "sample__plan", "scorecard__scorecard", "corrective_task"
    )
    return get_object_or_404(
        rows.select_related("call__campaign", "call__disposition", "call__customer", "call__team"), pk=pk
    )


def _context(request, found, form):
    return {
        "review": found,
        "form": form,
        "answers": queries.answers_of(found.call),
        "said": said_in(found.call),
        "player": playable(recording_of(found.call), request.user),
        "guide": found.call.campaign.guide_seconds,
        "items": found.items.select_related("criterion").order_by("criterion__position", "id"),
        "steps": found.steps.select_related("by").order_by("at", "id"),
        "may_open": found.state == "drawn"
        and request.user.scope().has(Role.QA, Role.QA_SUPERVISOR)
        and found.agent_id != request.user.pk,
        "may_acknowledge": found.state == "published" and found.agent_id == request.user.pk,
    }


@inspectors
@require_POST
def take(request, pk):
    actions.open_review(review=_find(request, pk), by=request.user, now=timezone.now())
    return redirect("qa:review", pk=pk)


@inspectors
@require_POST
def give_back(request, pk):
    actions.put_back(review=_find(request, pk), by=request.user, now=timezone.now())
    return redirect("qa:reviews")


@inspectors
@require_POST
def publish(request, pk):
    """Publish the score and go on with the next one."""
    found = _find(request, pk)
    form = ScoreForm(request.POST, criteria=queries.criteria_of(found.scorecard_id))
    if not form.is_valid():
        return render(request, "qa/review.html", _context(request, found, form), status=422)
    actions.publish_review(
        review=found,
        marks=form.marks(),
        comment=form.cleaned_data["comment"],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Review %(id)s is published: %(score)s.") % {"id": pk, "score": found.score})
    return redirect("qa:reviews")


@roles(Role.AGENT)
@require_POST
def acknowledge(request, pk):
    actions.acknowledge(review=_find(request, pk), by=request.user, now=timezone.now())
    return redirect("qa:review", pk=pk)
