"""How complete the archive is, by agent and by list (CUS-4)."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from callbacks.queries.completeness import DAYS, completeness_by_agent, completeness_by_list
from callcenter.access import Role, roles


@roles(Role.LEAD, Role.MANAGER, Role.QA_SUPERVISOR)
@require_GET
def completeness(request):
    """The same figures as by team, of the customers each agent works with or each campaign's list holds."""
    by = "list" if request.GET.get("by") == "list" else "agent"
    now = timezone.now()
    lines = (
        completeness_by_list(request.user) if by == "list" else completeness_by_agent(request.user, now=now)
    )
    return render(request, "callbacks/completeness.html", {"by": by, "lines": lines, "days": DAYS})
