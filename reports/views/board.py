"""The team's board: who does what, what waits and why, and what a lead does about it (KPI-10, CB-11, ux.md 5.4)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callbacks.queries.lists import teams_led_by
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.forms import posted
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from people.actions import approve_break, call_back, correct_activity, refuse_break
from people.models import Activity, BreakRequest, User
from reports.forms import CorrectionForm, MessageForm
from reports.queries.boards import forget, shared_snapshot, shared_text
from reports.queries.timeline import day_page

leads_only = roles(Role.LEAD, Role.MANAGER)
BREAK_VERBS = {"approve": approve_break, "refuse": refuse_break}


def team_of(request, pk):
    """A team the person leads; none that is not."""
    return get_object_or_404(teams_led_by(request.user), pk=pk)


@leads_only
@require_GET
def board(request, pk=None):
    """The board of one team, the first of the person's teams unless one is named."""
    teams = list(teams_led_by(request.user)[:200])
    if not teams:
        return render(request, "reports/board.html", {"teams": []})
    team = teams[0] if pk is None else team_of(request, pk)
    found, mark = shared_snapshot(team.pk, now=timezone.now())
    context = {"teams": teams, "team": team, "board": found, "mark": mark, "now": timezone.now()}
    return render(request, "reports/board.html", context | {"form": MessageForm()})


@leads_only
@require_GET
def live(request, pk):
    """What changes on the board; 304 while nothing has."""
    return live_answer(request, team_of(request, pk), "reports/_board.html")


def live_answer(request, team, template):
    """The part of a board that changes, rendered once per snapshot and language, with the mark as its ETag."""
    now = timezone.now()
    found, mark = shared_snapshot(team.pk, now=now)
    language = get_language()
    etag = f'"{mark}-{language}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        context = {"team": team, "board": found, "now": now}
        text = shared_text(
            team.pk, mark, f"{template}:{language}", lambda: render_to_string(template, context)
        )
        answer = HttpResponse(text)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Board-Built"] = found.built_at.isoformat()
    return answer


def _after(request, team_id, sentence):
    """The board as it is now, for the page; a reload for a browser without scripts."""
    forget(team_id)
    if request.htmx:
        return render(request, "reports/_board.html", _fresh(team_of(request, team_id)))
    messages.success(request, sentence)
    return redirect("board:team", pk=team_id)


def _fresh(team):
    now = timezone.now()
    return {"team": team, "board": shared_snapshot(team.pk, now=now)[0], "now": now}


@leads_only
@require_POST
def decide_break(request, pk, verb):
    """Approve a break beyond the limit, or ask the agent to take it later."""
    if verb not in BREAK_VERBS:
        raise Http404
    led = BreakRequest.objects.filter(team__in=teams_led_by(request.user)).select_related("agent")
    found = get_object_or_404(led, pk=pk)
    BREAK_VERBS[verb](request=found, by=request.user, now=timezone.now())
    return _after(request, found.team_id, _("Decided."))


@leads_only
@require_POST
def recall(request, pk):
    """Ask somebody on a break to come back."""
    led = Activity.objects.filter(team__in=teams_led_by(request.user)).select_related("agent")
    found = get_object_or_404(led, pk=pk)
    call_back(activity=found, by=request.user, now=timezone.now())
    return _after(request, found.team_id, _("Asked to come back."))


def _agent_led(request, pk):
    """An agent of a team the person leads."""
    agents = User.objects.filter(
        memberships__role=Role.AGENT, memberships__team__in=teams_led_by(request.user)
    ).distinct()
    return get_object_or_404(agents, pk=pk)


@leads_only
@require_POST
def message(request, pk, agent):
    """A line on the agent's desk and in the bell; not shown in the middle of a call."""
    team = team_of(request, pk)
    agents = User.objects.filter(memberships__role=Role.AGENT, memberships__team=team).distinct()
    receiver = get_object_or_404(agents, pk=agent)
    form = MessageForm(request.POST)
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    notify(
        [receiver],
        gettext_noop("%(lead)s: %(words)s"),
        key=f"floor:message:{uuid.uuid4().hex}",
        now=timezone.now(),
        level=Notification.Level.INFO,
        lead=str(request.user),
        words=form.cleaned_data["text"],
    )
    messages.success(request, _("Sent to %(name)s.") % {"name": receiver})
    return redirect("board:team", pk=team.pk)


@leads_only
@require_GET
def agent_day(request, pk):
    """An agent's day as intervals and shares; its breaks can be corrected."""
    agent = _agent_led(request, pk)
    return render(request, "reports/agent_day.html", _day(request, agent))


def _day(request, agent, form=None):
    found = day_page(agent, request.GET.get("day", ""), now=timezone.now())
    return {"agent": agent, "page": found, "form": form or CorrectionForm(), "now": timezone.now()}


@leads_only
@require_POST
def correct(request, pk):
    """Say what a break really was, with the reason."""
    led = Activity.objects.filter(team__in=teams_led_by(request.user)).select_related("agent")
    found = get_object_or_404(led, pk=pk)
    form = CorrectionForm(posted(request))
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    correct_activity(activity=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    forget(found.team_id)
    messages.success(request, _("Corrected."))
    return redirect("board:agent_day", pk=found.agent_id)
