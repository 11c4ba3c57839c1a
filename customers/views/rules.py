"""The contact rules in force, and a made-up case to try them on (CUS-7)."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from callcenter.access import Role, roles
from customers.forms import TryOutForm
from customers.models import Channel, Purpose
from customers.queries import rulebook
from customers.views.archive import READERS


@roles(*READERS)
@require_GET
def contact_rules(request):
    """Windows, caps, gaps and refusals; with a case in the address also the decision about it."""
    first = {"purpose": Purpose.SERVICE, "channel": Channel.PHONE}
    form = TryOutForm(request.GET if "purpose" in request.GET else None, user=request.user, initial=first)
    context = {
        "form": form,
        "windows": rulebook.windows_in_force(),
        "rules": rulebook.rules_in_force(),
        "purposes": dict(Purpose.choices),
        "may_change": request.user.scope().has(Role.ADMIN),
    }
    if form.is_bound and form.is_valid():
        case = dict(form.cleaned_data)
        at = case.pop("at") or timezone.now()
        context |= {"at": at, "customer": case["customer"], "decision": rulebook.try_out(now=at, **case)}
    return render(request, "customers/rules.html", context, status=422 if form.errors else 200)
