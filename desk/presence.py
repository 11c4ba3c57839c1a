"""The page's sign of life and the break button: small answers beside the screen (ORG-5, ux.md section 6)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.models import Notification
from desk import moments
from people.actions import end_break, withdraw_break
from people.queries import break_status
from people.states import BREAKS, ActivityKind

agents_only = roles(Role.AGENT)
A_DAY = 86_400


class PresenceForm(forms.Form):
    """For how many seconds no key has been pressed."""

    idle = forms.IntegerField(min_value=0, max_value=A_DAY, required=False)


class BreakForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in BREAKS])
    note = forms.CharField(max_length=120, required=False)


def panel(*, agent, now) -> dict:
    """What the button shows: the break or the request, the rest left, and the lead's last word unless on a call."""
    status = break_status(agent=agent, now=now)
    on_call = status.activity is not None and status.activity.kind == ActivityKind.TALK
    words = Notification.objects.visible_to(agent).unread().filter(key__startswith="floor:")
    return {
        "rest": status,
        "word": None if on_call else words.order_by("-created_at", "-id").first(),
        "kinds": list(enumerate(BREAKS, start=1)),
        "now": now,
    }


def _panel(request):
    if not request.htmx:
        return redirect("desk:desk")
    return render(request, "desk/_break.html", panel(agent=request.user, now=timezone.now()))


@agents_only
@require_POST
def presence(request):
    form = PresenceForm(request.POST)
    idle = (form.cleaned_data["idle"] or 0) if form.is_valid() else 0
    moments.show_up(agent=request.user, now=timezone.now(), idle_seconds=idle)
    return _panel(request)


@agents_only
@require_POST
def ask(request):
    """Ask for a break; the screen is loaded anew when its task has been put back."""
    form = BreakForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(text for texts in form.errors.values() for text in texts), code="invalid")
    put_back = moments.take_break(agent=request.user, now=timezone.now(), **form.cleaned_data)
    return HttpResponse(headers={"HX-Refresh": "true"}) if put_back else _panel(request)


@agents_only
@require_POST
def end(request):
    end_break(agent=request.user, now=timezone.now())
    return _panel(request)


@agents_only
@require_POST
def withdraw(request):
    withdraw_break(agent=request.user, now=timezone.now())
    return _panel(request)


@agents_only
@require_POST
def read(request, pk):
    """The lead's message has been read."""
    Notification.objects.visible_to(request.user).filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return _panel(request)
