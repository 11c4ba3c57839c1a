"""What a campaign asks of its agents (CAM-1, ORG-7)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from campaigns import actions
from campaigns.forms import RequiredSkillsForm
from campaigns.views.campaigns import campaign_of


@roles(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def required_skills(request, pk):
    """The skills without which nobody is handed this campaign's tasks."""
    found = campaign_of(request, pk)
    form = RequiredSkillsForm(posted(request), campaign=found)
    if request.method == "POST" and form.is_valid():
        values = {"campaign": found, "levels": form.levels(), "by": request.user, "now": timezone.now()}
        attempt(form, actions.set_required_skills, **values)
        if not form.errors:
            messages.success(request, _("The required skills are saved."))
            return redirect("campaigns:campaign", pk=pk)
    return render(request, "campaigns/skills.html", {"form": form, "campaign": found})
