"""What is left of a campaign, and opening chosen results anew (CAM-1)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import open_wave as start_wave
from callbacks.forms import WaveForm
from callbacks.queries.waves import left_of
from callcenter.access import Role, roles
from campaigns.models import Campaign
from campaigns.states import CampaignState


@roles(Role.LEAD, Role.MANAGER)
@require_GET
def campaign_left(request, pk):
    """What still waits and how the contacts ended; a fragment of the campaign's page, or a page of its own."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    context = {
        "campaign": campaign,
        "left": left_of(campaign),
        "may_open": campaign.state == CampaignState.FINISHED and request.user.scope().has(Role.MANAGER),
    }
    return render(request, "callbacks/_left.html" if request.htmx else "callbacks/left.html", context)


@roles(Role.MANAGER)
@require_POST
def open_wave(request, pk):
    """Work the ticked results of a finished campaign again."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    form = WaveForm(request.POST)
    results = list(form.cleaned_data["results"]) if form.is_valid() else []
    count = start_wave(campaign=campaign, results=results, by=request.user, now=timezone.now())
    told = ngettext(
        "The campaign runs again; %(count)s task is planned.",
        "The campaign runs again; %(count)s tasks are planned.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect("campaigns:campaign", pk=pk)
