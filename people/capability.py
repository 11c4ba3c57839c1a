"""How capable the agents of a team are in languages and campaigns (ORG-7): what balanced assignment goes by."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.errors import Refused
from people import actions, queries
from people.forms.skills import LevelsForm, SkillForm
from people.models import Team

RATERS = (Role.LEAD, Role.MANAGER, Role.TRAINER)


def _team(request, data):
    """The team asked for, among those in scope; the first one when none is asked for."""
    teams, raw = Team.objects.visible_to(request.user).order_by("name", "id"), data.get("team", "")
    if raw.isascii() and raw.isdigit() and len(raw) < 19:
        return get_object_or_404(teams, pk=raw)
    return teams.first()


@roles(*RATERS)
@require_http_methods(["GET", "POST"])
def skills(request):
    """The levels of a team's agents in every skill; posting saves what has changed."""
    team = _team(request, request.POST or request.GET)
    known = queries.all_skills()
    people = list(queries.agents_of_team(team)) if team else []
    form = LevelsForm(
        request.POST if request.method == "POST" else None,
        people=people,
        skills=known,
        levels=queries.levels_of(people),
    )
    if request.method == "POST" and form.is_valid():
        count = actions.set_levels(changes=form.changes(), by=request.user, now=timezone.now())
        messages.success(request, _("%(count)s levels changed.") % {"count": count})
        return redirect(f"{reverse('people:skills')}?team={team.pk}" if team else "people:skills")
    context = {
        "team": team,
        "teams": Team.objects.visible_to(request.user).order_by("name", "id"),
        "skills": known,
        "rows": form.rows(),
        "form": form,
        "new": SkillForm(),
    }
    return render(request, "people/skills.html", context, status=422 if form.errors else 200)


@roles(*RATERS)
@require_POST
def skill_new(request):
    """A skill that is to be rated: a language, or the work of a campaign."""
    form = SkillForm(request.POST)
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    actions.add_skill(**form.cleaned_data, by=request.user, now=timezone.now())
    team = _team(request, request.POST)
    return redirect(f"{reverse('people:skills')}?team={team.pk}" if team else "people:skills")
