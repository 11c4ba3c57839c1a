"""Dealing tasks to agents: the floor, the preview, the act, its undo, and what was left lying (CAM-4; ux.md section 5.5)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from callbacks import actions
from callbacks.forms import TaskVerbForm
from callbacks.forms.distribution import ConfirmForm, DistributionForm, UntouchedFilter
from callbacks.models import Distribution
from callbacks.queries import assigned, lists
from callbacks.queries.distribution import loads, plan
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.paging import page_of
from callcenter.workdays import local_day
from people.actions import mark_present
from people.queries import agents_of_team

LEADERS = (Role.LEAD, Role.MANAGER)
LATEST = 3
STAYS = {
    "in_hand": gettext_lazy("in work"),
    "appointment": gettext_lazy("agreed times"),
    "on_hold": gettext_lazy("on hold"),
    "no_speaker": gettext_lazy("nobody here speaks the language or has the skills"),
    "no_skill": gettext_lazy("nobody here has the skills the campaign requires"),
}


def _team(request, data):
    """The team asked for, among those the person leads; the first one when none is asked for."""
    teams, raw = lists.teams_led_by(request.user).select_related("unit"), data.get("team", "")
    if raw.isascii() and raw.isdigit() and len(raw) < 19:
        return get_object_or_404(teams, pk=raw)
    return teams.first()


def _floor(request, team, form, found, now, status=200):
    sources, agents = form.ticked()
    context = {
        "team": team,
        "teams": lists.teams_led_by(request.user),
        "form": form,
        "loads": found,
        "sources": sources,
        "agents": agents,
        "standing": assigned.standing(team, now=now),
        "latest": [one for one in _latest(request.user, team, now) if one.can_undo],
    }
    return render(request, "callbacks/distribution.html", context, status=status)


def _latest(user, team, now):
    """What was done last to this team's tasks; the page offers to undo it while that is possible."""
    return _with_undo(assigned.distributions(user, team=team)[:LATEST], now)


def _with_undo(rows, now):
    found = list(rows)
    for row in found:
        row.can_undo = assigned.can_undo(row, now)
        row.stays = [(STAYS.get(code, code), count) for code, count in row.skipped.items()]
    return found


@roles(*LEADERS)
@require_GET
def distribution(request):
    """The team's agents with their loads, what waits, and the form of a distribution."""
    team, now = _team(request, request.GET), timezone.now()
    if team is None:
        return render(request, "callbacks/distribution.html", {"team": None})
    found = loads(team, campaign=None, now=now)
    return _floor(request, team, DistributionForm(team=team, loads=found), found, now)


@roles(*LEADERS)
@require_GET
def preview(request):
    """Who would have how much, before and after; nothing is written."""
    team, now = _team(request, request.GET), timezone.now()
    if team is None:
        raise Http404
    if not request.GET:
        # Nothing has been asked for yet.
        return redirect("callbacks:distribution")
    found = loads(team, campaign=None, now=now)
    form = DistributionForm(request.GET, team=team, loads=found)
    if not form.is_valid():
        return _floor(request, team, form, found, now, status=422)
    confirm, data = ConfirmForm.fresh(), form.cleaned_data
    deal = plan(form.selection(), way=data["way"], agents=form.agent_ids(), seed=confirm["seed"], now=now)
    context = {
        "team": team,
        "deal": deal,
        "way": Distribution.Way(data["way"]).label,
        "absent": data["absent"],
        "stays": [(STAYS.get(code, code), count) for code, count in deal.skipped.items()],
        "hidden": [*form.pairs(), *confirm.items(), ("shown", deal.count)],
    }
    return render(request, "callbacks/distribution_preview.html", context)


@roles(*LEADERS)
@require_POST
def distribute(request):
    """Do what the preview showed, once."""
    team, now = _team(request, request.POST), timezone.now()
    if team is None:
        raise Http404
    found = loads(team, campaign=None, now=now)
    form, confirm = DistributionForm(request.POST, team=team, loads=found), ConfirmForm(request.POST)
    if not (form.is_valid() and confirm.is_valid()):
        raise Refused(
            " ".join(text for texts in {**form.errors, **confirm.errors}.values() for text in texts),
            code="invalid",
        )
    data = form.cleaned_data
    made = actions.distribute(
        selection=form.selection(),
        way=data["way"],
        agents=form.agent_ids(),
        seed=confirm.cleaned_data["seed"],
        key=confirm.cleaned_data["key"],
        surface_days=data["surface_days"],
        absent=data["absent"],
        by=request.user,
        now=now,
    )
    _tell(request, made, confirm.cleaned_data["shown"])
    return redirect(f"{reverse('callbacks:distribution')}?team={team.pk}")


def _tell(request, made, shown):
    if made.way == Distribution.Way.POOL:
        told = ngettext("%(count)s task is taken back.", "%(count)s tasks are taken back.", made.count)
    else:
        told = ngettext("%(count)s task is distributed.", "%(count)s tasks are distributed.", made.count)
    told %= {"count": made.count}
    if shown > made.count:
        told += " " + _("%(count)s had been taken or called meanwhile.") % {"count": shown - made.count}
    messages.success(request, told)


@roles(*LEADERS)
@require_POST
def undo(request, pk):
    """Give back what a distribution of the last ten minutes moved."""
    found = get_object_or_404(_own(request), pk=pk)
    count = actions.undo_distribution(distribution=found, by=request.user, now=timezone.now())
    told = ngettext("%(count)s task is back.", "%(count)s tasks are back.", count) % {"count": count}
    if found.count > count:
        told += " " + _("%(count)s had been touched meanwhile and stay.") % {"count": found.count - count}
    messages.success(request, told)
    return redirect(f"{reverse('callbacks:distribution')}?team={found.team_id}")


def _own(request):
    return Distribution.objects.filter(team__in=lists.teams_led_by(request.user))


@roles(*LEADERS)
@require_POST
def present(request, pk):
    """Somebody marked as absent today works after all."""
    team = _team(request, request.POST)
    if team is None:
        raise Http404
    person = get_object_or_404(agents_of_team(team), pk=pk)
    mark_present(person=person, day=local_day(timezone.now(), settings.TIME_ZONE))
    return redirect(f"{reverse('callbacks:distribution')}?team={team.pk}")


@roles(*LEADERS)
@require_GET
def distribution_list(request):
    """Every distribution in scope, newest first."""
    page = page_of(assigned.distributions(request.user), request.GET.get("page"))
    page.rows = _with_undo(page.rows, timezone.now())
    return render(request, "callbacks/distributions.html", {"page": page})


@roles(*LEADERS)
@require_GET
def untouched(request):
    """Tasks that were assigned and not called in time, with what a lead can do about them."""
    form, now = UntouchedFilter(request.GET or None, user=request.user), timezone.now()
    page = page_of(assigned.untouched_tasks(request.user, now=now, **form.chosen()), request.GET.get("page"))
    context = {"form": form, "page": page, "verbs": TaskVerbForm(user=request.user)}
    return render(request, "callbacks/untouched.html", context)
