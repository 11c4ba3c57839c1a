"""What a campaign does after each result (CB-5)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from campaigns import actions
from campaigns.forms import AttemptRulesForm
from campaigns.views.campaigns import campaign_of


@roles(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def attempt_rules(request, pk):
    """When and how often a result is tried again in this campaign; empty fields leave it to the result."""
    found = campaign_of(request, pk)
    form = AttemptRulesForm(posted(request), campaign=found)
    if request.method == "POST" and form.is_valid():
        values = {"campaign": found, "rules": form.rules(), "by": request.user, "now": timezone.now()}
        attempt(form, actions.set_attempt_rules, **values)
        if not form.errors:
            messages.success(request, _("The attempt rules are saved."))
            return redirect("campaigns:campaign", pk=pk)
    return render(request, "campaigns/attempts.html", {"form": form, "campaign": found})
