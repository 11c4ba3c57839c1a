"""The agent's page. Each request is one verb and answers with the whole screen, so a reload always shows the truth."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import begin_call, claim_next, release_task, renew_lease
from callbacks.actions.line import let_go, place_call
from callbacks.telephony import telephony
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.texts import localized
from desk import actions
from desk.forms import DialForm, HoldForm, WrapUpForm, answers, typed
from desk.queries import build_screen

agents_only = roles(Role.AGENT)


def _screen(request, *, asked=False, dialled=False, saved=""):
    if not request.htmx:
        return redirect("desk:desk")
    now = timezone.now()
    screen = build_screen(agent=request.user, now=now, asked=asked, just_dialled=dialled, saved=saved)
    return render(request, "desk/_screen.html", {"screen": screen, "now": now})


def _valid(form):
    if not form.is_valid():
        messages = [message for errors in form.errors.values() for message in errors]
        raise Refused(" ".join(messages), code="invalid")
    return form.cleaned_data


@agents_only
@require_GET
def desk(request):
    now = timezone.now()
    screen = build_screen(agent=request.user, now=now)
    context = {"screen": screen, "now": now, "follows_line": telephony().places_calls}
    return render(request, "desk/desk.html", context)


@agents_only
@require_POST
def next_task(request):
    claim_next(agent=request.user, now=timezone.now())
    return _screen(request, asked=True)


@agents_only
@require_POST
def dial(request, pk):
    data = _valid(DialForm(request.POST))
    begin_call(task_id=pk, agent=request.user, now=timezone.now(), **data)
    placed = place_call(task_id=pk, agent=request.user, token=data["token"], now=timezone.now())
    return _screen(request, dialled=not placed)


@agents_only
@require_POST
def answered(request, pk):
    data = _valid(HoldForm(request.POST))
    actions.answer(task_id=pk, agent=request.user, now=timezone.now(), **data)
    return _screen(request)


@agents_only
@require_POST
def hang_up(request, pk):
    data = _valid(HoldForm(request.POST))
    actions.hang_up(task_id=pk, agent=request.user, content=typed(request.POST), now=timezone.now(), **data)
    let_go(task_id=pk, agent=request.user)
    return _screen(request)


@agents_only
@require_POST
def save(request, pk):
    """Save the result and bring the next task in the same answer."""
    data, now = _valid(WrapUpForm(request.POST)), timezone.now()
    call = actions.wrap_up(
        task_id=pk,
        agent=request.user,
        token=data["token"],
        data=data,
        answers=answers(request.POST),
        statements=request.POST.getlist("statement"),
        now=now,
    )
    let_go(task_id=pk, agent=request.user)
    claim_next(agent=request.user, now=now)
    return _screen(request, asked=True, saved=localized(call.disposition.name))


@agents_only
@require_POST
def release(request, pk):
    data = _valid(HoldForm(request.POST))
    release_task(task_id=pk, agent=request.user, now=timezone.now(), **data)
    return _screen(request)


@agents_only
@require_POST
def draft(request, pk):
    data = _valid(HoldForm(request.POST))
    actions.keep_draft(
        task_id=pk, agent=request.user, content=typed(request.POST), now=timezone.now(), **data
    )
    return HttpResponse(status=204)


@agents_only
@require_POST
def heartbeat(request, pk):
    data = _valid(HoldForm(request.POST))
    renew_lease(task_id=pk, agent=request.user, now=timezone.now(), **data)
    return HttpResponse(status=204)
