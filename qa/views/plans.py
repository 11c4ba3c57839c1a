"""Quality pages: the sampling plans and their draws, and a campaign's own plan (QA-1, CAM-1)."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.workdays import local_day
from campaigns.models import Campaign
from people.models import Unit
from qa import actions, queries
from qa.forms import CampaignPlanForm, DrawForm
from qa.models import SamplingPlan

DECIDERS = (Role.QA_SUPERVISOR, Role.MANAGER)
deciders = roles(*DECIDERS)


@roles(Role.QA, Role.QA_SUPERVISOR, Role.LEAD, Role.MANAGER)
@require_http_methods(["GET", "POST"])
def samples(request):
    """Plans in scope, what a day's draw gave, and drawing a day on demand (inspectors)."""
    now = timezone.now()
    today = local_day(now, settings.TIME_ZONE)
    plans = SamplingPlan.objects.filter(active=True, unit__in=_units(request.user)).order_by("name", "id")
    form = DrawForm(request.POST or None, today=today, initial={"day": today - timedelta(days=1)})
    day = today - timedelta(days=1)
    if request.method == "POST" and form.is_valid() and request.user.scope().has(Role.QA, Role.QA_SUPERVISOR):
        day = form.cleaned_data["day"]
        drawn = actions.draw_samples(day=day, now=now, by=request.user, plans=plans)
        messages.success(
            request, ngettext("%(n)d call was drawn.", "%(n)d calls were drawn.", drawn) % {"n": drawn}
        )
    context = {"plans": plans.select_related("unit", "campaign", "scorecard"), "form": form, "day": day}
    context["may_draw"] = request.user.scope().has(Role.QA, Role.QA_SUPERVISOR)
    context["progress"] = queries.progress(request.user, day)
    return render(request, "qa/samples.html", context)


def _units(user):
    """Units whose plans concern the person: their own subtree, and the units of their teams."""
    return Unit.objects.visible_to(user).values("pk")


def _campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


@roles(Role.QA, Role.QA_SUPERVISOR, Role.LEAD, Role.MANAGER)
@require_GET
def campaign_plans(request, pk):
    """A fragment of the campaign's page: which plans draw from its calls."""
    found = _campaign(request, pk)
    context = {"campaign": found, "plans": queries.plans_of(found)}
    context["may_decide"] = request.user.scope().has(*DECIDERS)
    return render(request, "qa/_campaign_plans.html", context)


@deciders
@require_http_methods(["GET", "POST"])
def campaign_plan(request, pk):
    """The campaign's own plan: share, shortest call, scorecard."""
    found = _campaign(request, pk)
    plan = queries.own_plan(found)
    form = CampaignPlanForm(posted(request), plan=plan)
    if request.method == "POST" and form.is_valid():
        values = {"campaign": found, "by": request.user, "now": timezone.now(), **form.cleaned_data}
        attempt(form, actions.save_campaign_plan, **values)
        if not form.errors:
            messages.success(request, _("The campaign has its own quality plan from the next draw on."))
            return redirect("campaigns:campaign", pk=pk)
    return render(request, "qa/campaign_plan.html", {"campaign": found, "plan": plan, "form": form})


@deciders
@require_POST
def campaign_plan_drop(request, pk):
    """Back to the plans of the units."""
    if actions.drop_campaign_plan(campaign=_campaign(request, pk), by=request.user, now=timezone.now()):
        messages.success(request, _("The plans of the units draw from this campaign again."))
    return redirect("campaigns:campaign", pk=pk)
