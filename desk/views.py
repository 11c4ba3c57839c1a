"""The agent's page. Each request is one verb and answers with the whole screen, so a reload always shows the truth."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callbacks.actions import begin_call, release_task, renew_lease
from callbacks.actions.line import let_go, place_call
from callbacks.models import Call
from callbacks.rules.undo import can_take_back
from callbacks.telephony import telephony
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.forms import posted
from callcenter.paging import page_of
from callcenter.texts import localized
from desk import actions, moments, presence
from desk.forms import DialForm, HoldForm, KeysForm, RecoverForm, UndoForm, WrapUpForm, answers, typed
from desk.queries import build_screen, needs_no_wrap_up, wrap_up_of
from desk.queries.day import calls_of_day, closing_list, my_day
from desk.queries.rest import appointments_of, uncoded_calls
from desk.rules.keys import keys_of
from desk.states import USUAL_KEYS
from knowledge.queries import unread
from people.actions import turn_to
from people.queries import break_status
from people.states import ActivityKind

agents_only = roles(Role.AGENT)
SOON = timedelta(minutes=5)


def _screen(request, *, asked=False, dialled=False, saved="", undo=""):
    if not request.htmx:
        return redirect("desk:desk")
    now = timezone.now()
    screen = build_screen(
        agent=request.user, now=now, asked=asked, just_dialled=dialled, saved=saved, undo=undo
    )
    return render(request, "desk/_screen.html", {"screen": screen, "now": now})


def _checked(form):
    if not form.is_valid():
        messages = [message for errors in form.errors.values() for message in errors]
        raise Refused(" ".join(messages), code="invalid")
    return form


def _valid(form):
    data = _checked(form).cleaned_data
    data.pop("ago", None)
    return data


@agents_only
@require_GET
def desk(request):
    """The whole page; opening it is a sign of life, so the agent's time begins with it."""
    now = timezone.now()
    moments.show_up(agent=request.user, now=now, idle_seconds=0)
    screen, rest = build_screen(agent=request.user, now=now), presence.panel(agent=request.user, now=now)
    context = {"screen": screen, "now": now, "follows_line": telephony().places_calls, **rest}
    context["must_read"] = unread(request.user)
    return render(request, "desk/desk.html", context)


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
    form, now = _checked(HoldForm(request.POST)), timezone.now()
    token = form.cleaned_data["token"]
    actions.answer(task_id=pk, agent=request.user, token=token, answered=form.moment(now), now=now)
    return _screen(request)


@agents_only
@require_POST
def hang_up(request, pk):
    """The line is closed. Where the campaign leaves the wrap-up to the agent, an unambiguous result is saved with it."""
    form, now = _checked(HoldForm(request.POST)), timezone.now()
    actions.hang_up(
        task_id=pk,
        agent=request.user,
        token=form.cleaned_data["token"],
        content=typed(request.POST),
        ended=form.moment(now),
        now=now,
    )
    mode, seconds = wrap_up_of(pk)
    turn_to(ActivityKind.AFTER_CALL, agent=request.user, now=now, limit_seconds=seconds)
    let_go(task_id=pk, agent=request.user)
    if result := needs_no_wrap_up(mode=mode, agent=request.user, content=typed(request.POST), now=now):
        whole = request.POST.copy()
        whole["disposition"] = result
        with suppress(Refused):
            return _save(request, pk, whole, now)
    return _screen(request)


@agents_only
@require_POST
def save(request, pk):
    """Save the result and bring the next task, or the break asked for, in the same answer."""
    return _save(request, pk, request.POST, timezone.now())


def _save(request, pk, post, now):
    form = _checked(WrapUpForm(post))
    call = actions.wrap_up(
        task_id=pk,
        agent=request.user,
        token=form.cleaned_data["token"],
        data=form.cleaned_data,
        answers=answers(post),
        statements=post.getlist("statement"),
        finished=form.moment(now),
        now=now,
    )
    let_go(task_id=pk, agent=request.user)
    rest = moments.hand_out(agent=request.user, now=now)
    undo = form.cleaned_data["client_uuid"] if can_take_back(call.disposition) else ""
    return _screen(request, asked=rest is None, saved=localized(call.disposition.name), undo=str(undo))


@agents_only
@require_POST
def undo(request):
    """Take the result of the last seconds back; the call rings again on the screen."""
    data, now = _valid(UndoForm(request.POST)), timezone.now()
    task = actions.take_back(agent=request.user, now=now, **data)
    turn_to(moments.DOING[task.state], agent=request.user, now=now)
    return _screen(request)


@agents_only
@require_POST
def recover(request, pk):
    """Code a call that a crash has left without a result; the next task follows."""
    now = timezone.now()
    own = uncoded_calls(request.user, now=now).select_related("task__campaign__script")
    call = own.filter(pk=pk).first()
    if call is None:
        # Coded already: the answer to it was lost on its way.
        get_object_or_404(Call, pk=pk, agent=request.user, superseded=True)
        return _screen(request)
    data = _valid(RecoverForm(request.POST))
    actions.recover(call=call, agent=request.user, now=now, **data)
    rest = moments.hand_out(agent=request.user, now=now)
    return _screen(request, asked=rest is None, saved=localized(data["disposition"].name))


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
    """The page is there; the answer says which appointment is a few minutes ahead (CB-7)."""
    data = _valid(HoldForm(request.POST))
    now = timezone.now()
    renew_lease(task_id=pk, agent=request.user, now=now, **data)
    soon = appointments_of(request.user, since=now, until=now + SOON).first()
    answer = HttpResponse(status=204)
    if soon:
        words = {"time": f"{timezone.localtime(soon.agreed_at):%H:%M}", "customer": soon.customer.name}
        answer["X-Appointment"] = quote(_("Appointment at %(time)s: %(customer)s") % words)
    return answer


@agents_only
@require_GET
def day(request):
    """My day: the target with its pace, hours and rest left, results of quality, what is agreed, today's calls."""
    now = timezone.now()
    page = page_of(calls_of_day(request.user, now=now), request.GET.get("page"))
    rest = break_status(agent=request.user, now=now)
    context = {"day": my_day(request.user, now=now), "rest": rest, "page": page, "now": now}
    return render(request, "desk/day.html", context)


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request):
    """The closing list; one button hands in today's issues."""
    now = timezone.now()
    if request.method == "POST":
        actions.hand_in_day(agent=request.user, now=now)
        messages.success(request, _("Today's issues have been handed in."))
        return redirect("desk:closing")
    return render(request, "desk/closing.html", {"list": closing_list(request.user, now=now), "now": now})


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request):
    """The person's own keys of the desk's commands (WCAG 2.1.4)."""
    usual = {command.value: key for command, key in USUAL_KEYS.items()}
    form = KeysForm(posted(request), initial=keys_of(usual, request.user.desk_keys))
    if "usual" in request.POST:
        actions.save_keys(user=request.user, keys={})
    elif not form.is_bound or not form.is_valid():
        return render(request, "desk/keys.html", {"form": form}, status=422 if form.is_bound else 200)
    else:
        actions.save_keys(user=request.user, keys=form.own())
    messages.success(request, _("Saved."))
    return redirect("desk:keys")
