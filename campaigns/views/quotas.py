"""Pages of quota plans (CAM-3)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from campaigns import actions, queries
from campaigns.forms import NoteForm, QuotaLineForm
from campaigns.forms.quotas import DatedQuotaPlanForm
from campaigns.models import QuotaLine, QuotaPlan
from campaigns.states import QuotaState
from campaigns.views.campaigns import campaign_of

LEADERS = (Role.LEAD, Role.MANAGER)
EDIT = ["GET", "POST"]
# Verb → action and who may; the next step of each state.
VERBS = {
    "propose": (actions.propose_quota, LEADERS),
    "approve": (actions.approve_quota, (Role.MANAGER,)),
    "return": (actions.return_quota, LEADERS),
}
NEXT = {
    QuotaState.DRAFT: ("propose",),
    QuotaState.PROPOSED: ("approve", "return"),
    QuotaState.APPROVED: ("return",),
    QuotaState.RELEASED: (),
    QuotaState.RECLAIMED: (),
}


def _plan(request, pk):
    rows = QuotaPlan.objects.visible_to(request.user).select_related(
        "campaign__client", "team", "created_by", "approved_by"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*LEADERS)
@require_http_methods(EDIT)
def quota_list(request, pk):
    """The quota plans of a campaign, and a form for a new one."""
    found = campaign_of(request, pk)
    form = DatedQuotaPlanForm(posted(request), campaign=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"campaign": found, "by": request.user, "now": timezone.now()}
        if made := attempt(form, actions.create_quota_plan, **values):
            return redirect("campaigns:quota", pk=made.pk)
    page = page_of(queries.quota_plans(request.user, found), request.GET.get("page"))
    return render(request, "campaigns/quotas.html", {"campaign": found, "form": form, "page": page})


@roles(*LEADERS)
@require_http_methods(EDIT)
def quota(request, pk):
    """One plan with its lines; posting adds a line to a draft."""
    found = _plan(request, pk)
    form = QuotaLineForm(posted(request), user=request.user, client=found.campaign.client)
    if request.method == "POST" and form.is_valid() and _added(form, found):
        return redirect("campaigns:quota", pk=pk)
    scope = request.user.scope()
    context = {
        "plan": found,
        "lines": queries.quota_lines(found, now=timezone.now()),
        "steps": list(found.steps.select_related("by").order_by("-id")[:50]),
        "form": form if found.state == QuotaState.DRAFT else None,
        "verbs": [verb for verb in NEXT[QuotaState(found.state)] if scope.has(*VERBS[verb][1])],
        "may_reclaim": found.state == QuotaState.RELEASED and scope.has(Role.MANAGER),
        "may_release": found.state == QuotaState.APPROVED and scope.has(Role.MANAGER),
    }
    return render(request, "campaigns/quota.html", context)


def _added(form, plan):
    return attempt(form, actions.add_quota_line, plan=plan, **form.cleaned_data)


@roles(*LEADERS)
@require_POST
def quota_line_remove(request, pk):
    rows = QuotaLine.objects.select_related("plan").filter(
        plan__in=QuotaPlan.objects.visible_to(request.user)
    )
    found = get_object_or_404(rows, pk=pk)
    actions.remove_quota_line(line=found)
    return redirect("campaigns:quota", pk=found.plan_id)


@roles(*LEADERS)
@require_POST
def quota_move(request, pk, verb):
    """Propose, approve (managers) or return a plan."""
    if verb not in VERBS or not request.user.scope().has(*VERBS[verb][1]):
        raise Http404
    found = _plan(request, pk)
    VERBS[verb][0](plan=found, by=request.user, now=timezone.now(), note=NoteForm(request.POST).text())
    messages.success(request, _("The plan is now: %(state)s.") % {"state": QuotaState(found.state).label})
    return redirect("campaigns:quota", pk=pk)
