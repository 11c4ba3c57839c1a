"""The telephone system's part of the agent's page: what the line does now, and dialling the same number once more (CB-13)."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions.line import place_call
from callbacks.queries.line import line_of, task_in_hand
from desk.forms import HoldForm
from desk.views import _screen, _valid, agents_only


@agents_only
@require_GET
def line(request, pk):
    """How far the call is by the telephone system; 204 when it knows nothing of it. The page asks every two seconds."""
    now = timezone.now()
    task = task_in_hand(request.user, pk)
    found = line_of(task, now=now) if task else None
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse(
        {
            "state": found.state,
            "note": found.note,
            "warning": found.warning,
            "suggests": found.suggests,
            "again": found.again,
        }
    )


@agents_only
@require_POST
def redial(request, pk):
    """Have the system dial again after the agent's own phone was not picked up; no new call begins for the customer."""
    data = _valid(HoldForm(request.POST))
    placed = place_call(task_id=pk, agent=request.user, now=timezone.now(), **data)
    return _screen(request, dialled=not placed)
