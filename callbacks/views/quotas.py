"""Releasing quota plans into tasks (CAM-3)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callbacks.actions import reclaim_quota, release_quota
from callcenter.access import Role, roles
from campaigns.models import QuotaPlan


@roles(Role.MANAGER)
@require_POST
def release(request, pk):
    """Turn an approved plan into tasks of its team."""
    plans = QuotaPlan.objects.visible_to(request.user).select_related("campaign__client", "team")
    plan = get_object_or_404(plans, pk=pk)
    count = release_quota(plan=plan, by=request.user, now=timezone.now())
    told = ngettext("%(count)s task is planned.", "%(count)s tasks are planned.", count)
    messages.success(request, told % {"count": count})
    return redirect("campaigns:quota", pk=pk)


@roles(Role.MANAGER)
@require_POST
def reclaim(request, pk):
    """Take back what nobody has touched of a released plan (CAM-4)."""
    plans = QuotaPlan.objects.visible_to(request.user).select_related("campaign__client", "team")
    plan = get_object_or_404(plans, pk=pk)
    count = reclaim_quota(plan=plan, by=request.user, now=timezone.now())
    told = ngettext(
        "%(count)s untouched task is taken back.", "%(count)s untouched tasks are taken back.", count
    )
    messages.success(request, told % {"count": count})
    return redirect("campaigns:quota", pk=pk)
