"""The agent's page. Each request is one verb and answers with the whole screen, so a reload always shows the truth."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import begin_call, release_task, renew_lease
from callbacks.actions.line import let_go, place_call
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.texts import localized
from desk import actions, moments, presence
from desk.forms import DialForm, HoldForm, WrapUpForm, answers, typed
from desk.queries import build_screen
from people.actions import turn_to
from people.states import ActivityKind

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
    return render(
        request, "desk/desk.html", {"screen": screen, **presence.panel(agent=request.user, now=now)}
    )


@agents_only
@require_POST
def next_task(request):
    rest = moments.hand_out(agent=request.user, now=timezone.now())
    return _screen(request, asked=rest is None)


@agents_only
@require_POST
def dial(request, pk):
    data, now = _valid(DialForm(request.POST)), timezone.now()
    begin_call(task_id=pk, agent=request.user, now=now, **data)
    turn_to(ActivityKind.TALK, agent=request.user, now=now)
    placed = place_call(task_id=pk, agent=request.user, token=data["token"], now=now)
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
    data, now = _valid(HoldForm(request.POST)), timezone.now()
    actions.hang_up(task_id=pk, agent=request.user, content=typed(request.POST), now=now, **data)
    turn_to(ActivityKind.AFTER_CALL, agent=request.user, now=now)
    let_go(task_id=pk, agent=request.user)
    return _screen(request)


@agents_only
@require_POST
def save(request, pk):
    """Save the result and bring the next task, or the break asked for, in the same answer."""
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
    rest = moments.hand_out(agent=request.user, now=now)
    return _screen(request, asked=rest is None, saved=localized(call.disposition.name))


@agents_only
@require_POST
def release(request, pk):
    data, now = _valid(HoldForm(request.POST)), timezone.now()
    release_task(task_id=pk, agent=request.user, now=now, **data)
    moments.put_down(agent=request.user, now=now)
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
