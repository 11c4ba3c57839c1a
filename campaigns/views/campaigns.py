"""Pages of campaigns, their policies, targets and questionnaire variants (CAM-1, CAM-2, CAM-7)."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from callcenter.workdays import local_day
from campaigns import actions, queries
from campaigns.forms import (
    CampaignFilter,
    CampaignForm,
    CapacityForm,
    CopyForm,
    NoteForm,
    PolicyForm,
    TargetForm,
    VariantsForm,
    event_kinds,
    preset_values,
    presets,
)
from campaigns.models import Campaign, Policy, Target
from campaigns.states import CAMPAIGN_VERBS, CampaignState

READERS = (Role.LEAD, Role.MANAGER, Role.CLIENT)
EDIT = ["GET", "POST"]


@dataclass(frozen=True)
class Verb:
    """One button of the page: what it does, its label and icon, and the question asked first, if any."""

    act: object
    label: str
    icon: str
    question: str = ""


VERBS = {
    "approve": Verb(actions.approve_campaign, gettext_lazy("Approve"), "check"),
    "return": Verb(actions.return_to_draft, gettext_lazy("Return to draft"), "arrow-back-up"),
    "start": Verb(actions.start_campaign, gettext_lazy("Start"), "player-play"),
    "pause": Verb(actions.pause_campaign, gettext_lazy("Pause"), "player-pause"),
    "resume": Verb(actions.resume_campaign, gettext_lazy("Resume"), "player-play"),
    "finish": Verb(
        actions.finish_campaign,
        gettext_lazy("Finish"),
        "player-stop",
        gettext_lazy(
            "Open tasks are handed out no more and waiting messages stay; the page then says what is left. "
            "Finish the campaign?"
        ),
    ),
    "reopen": Verb(actions.reopen_campaign, gettext_lazy("Run again"), "player-play"),
    "archive": Verb(
        actions.archive_campaign,
        gettext_lazy("Archive"),
        "archive",
        gettext_lazy("An archived campaign never runs again. Archive it?"),
    ),
}


def campaign_of(request, pk):
    """The campaign if it lies in the person's scope, else 404."""
    rows = Campaign.objects.visible_to(request.user).select_related(
        "client",
        "calendar",
        "questionnaire__questionnaire",
        "script__script",
        "created_by",
        "approved_by",
        "changed_by",
    )
    return get_object_or_404(rows, pk=pk)


@roles(*READERS)
@require_GET
def campaign_list(request):
    form = CampaignFilter(request.GET)
    page = page_of(queries.campaigns(request.user, **form.chosen()), request.GET.get("page"))
    context = {"form": form, "page": page, "may_write": request.user.scope().has(Role.MANAGER)}
    return render(request, "campaigns/list.html", context)


@roles(*READERS)
@require_GET
def campaign(request, pk):
    """One campaign: settings, policies, targets, history, and what can be done next."""
    found = campaign_of(request, pk)
    may_write = request.user.scope().has(Role.MANAGER)
    context = {
        "campaign": found,
        "may_write": may_write,
        "may_plan": request.user.scope().has(Role.LEAD, Role.MANAGER),
        "is_closed": found.state in actions.CLOSED,
        "teams": list(found.teams.order_by("name", "id")),
        "policies": list(queries.policies(found)),
        "targets": list(queries.targets(found)),
        "attempt_rules": found.attempt_rules.count(),
        "required_skills": list(found.required_skills.select_related("skill").order_by("skill__name", "id")),
        "variants": list(found.variants.select_related("version__questionnaire").order_by("id")),
        "steps": list(queries.history(found)),
        "verbs": [(name, VERBS[name]) for name in CAMPAIGN_VERBS[CampaignState(found.state)]]
        if may_write
        else [],
    }
    return render(request, "campaigns/detail.html", context)


@roles(*READERS)
@require_GET
def counts(request, pk):
    """The fragment with the numbers of the campaign's accounts; a page of its own without scripts."""
    found = campaign_of(request, pk)
    template = "campaigns/_counts.html" if request.htmx else "campaigns/counts.html"
    return render(request, template, {"campaign": found, "counts": queries.account_counts(found)})


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def campaign_new(request):
    now = timezone.now()
    first = {"starts_on": local_day(now, settings.TIME_ZONE)}
    form = CampaignForm(posted(request), user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"by": request.user, "now": now}
        if made := attempt(form, actions.create_campaign, **values):
            messages.success(request, _("The campaign is a draft now; a second person approves it."))
            return redirect("campaigns:campaign", pk=made.pk)
    return render(request, "campaigns/edit.html", {"form": form})


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def campaign_edit(request, pk):
    found = campaign_of(request, pk)
    operational = () if found.state == CampaignState.DRAFT else actions.OPERATIONAL
    form = CampaignForm(posted(request), instance=found, user=request.user, operational=operational)
    if request.method == "POST" and form.is_valid():
        values = form.changes() | {"campaign": found, "by": request.user, "now": timezone.now()}
        if attempt(form, actions.edit_campaign, **values):
            messages.success(request, _("The campaign is saved."))
            return redirect("campaigns:campaign", pk=pk)
    return render(
        request, "campaigns/edit.html", {"form": form, "campaign": found, "operational": operational}
    )


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def campaign_copy(request, pk):
    found = campaign_of(request, pk)
    form = CopyForm(posted(request), initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"campaign": found, "by": request.user, "now": timezone.now()}
        if made := attempt(form, actions.copy_campaign, **values):
            return redirect("campaigns:campaign", pk=made.pk)
    return render(request, "campaigns/copy.html", {"form": form, "campaign": found})


@roles(Role.MANAGER)
@require_POST
def campaign_move(request, pk, verb):
    """Approve, start, pause, resume, finish, reopen, archive or return to draft; legal or answered with 409."""
    if verb not in VERBS:
        raise Http404
    found = campaign_of(request, pk)
    note = NoteForm(request.POST).text()
    VERBS[verb].act(campaign=found, by=request.user, now=timezone.now(), note=note)
    messages.success(
        request, _("The campaign is now: %(state)s.") % {"state": CampaignState(found.state).label}
    )
    return redirect("campaigns:campaign", pk=pk)


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def policy_new(request, pk):
    """A new policy, from scratch or from a shipped one (``?preset=``)."""
    found = campaign_of(request, pk)
    preset = request.GET.get("preset", "")
    form = PolicyForm(posted(request), user=request.user, client=found.client, initial=preset_values(preset))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"campaign": found, "by": request.user, "now": timezone.now()}
        if attempt(form, actions.save_policy, preset=preset if preset_values(preset) else "", **values):
            messages.success(request, _("The policy is saved."))
            return redirect("campaigns:campaign", pk=pk)
    context = {
        "form": form,
        "campaign": found,
        "presets": presets(),
        "chosen": preset,
        "event_kinds": event_kinds(),
    }
    return render(request, "campaigns/policy.html", context)


def _policy(request, pk):
    rows = Policy.objects.visible_to(request.user).select_related("campaign__client")
    return get_object_or_404(rows, pk=pk)


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def policy_edit(request, pk):
    found = _policy(request, pk)
    form = PolicyForm(posted(request), instance=found, user=request.user, client=found.campaign.client)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"policy": found, "campaign": found.campaign}
        if attempt(form, actions.save_policy, by=request.user, now=timezone.now(), **values):
            messages.success(request, _("The policy is saved."))
            return redirect("campaigns:campaign", pk=found.campaign_id)
    context = {"form": form, "campaign": found.campaign, "policy": found, "event_kinds": event_kinds()}
    return render(request, "campaigns/policy.html", context)


@roles(Role.MANAGER)
@require_POST
def policy_remove(request, pk):
    found = _policy(request, pk)
    campaign_id = found.campaign_id
    actions.remove_policy(policy=found, by=request.user, now=timezone.now())
    return redirect("campaigns:campaign", pk=campaign_id)


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def target_new(request, pk):
    found, now = campaign_of(request, pk), timezone.now()
    form = TargetForm(
        posted(request), campaign=found, initial={"valid_from": local_day(now, settings.TIME_ZONE)}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"campaign": found, "by": request.user, "now": now}
        if attempt(form, actions.save_target, **values):
            return redirect("campaigns:campaign", pk=pk)
    return render(request, "campaigns/target.html", {"form": form, "campaign": found})


@roles(Role.MANAGER)
@require_POST
def target_remove(request, pk):
    rows = Target.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    found = get_object_or_404(rows, pk=pk)
    actions.remove_target(target=found, by=request.user, now=timezone.now())
    return redirect("campaigns:campaign", pk=found.campaign_id)


@roles(Role.MANAGER)
@require_http_methods(EDIT)
def variants(request, pk):
    found = campaign_of(request, pk)
    form = VariantsForm(posted(request), campaign=found)
    if request.method == "POST" and form.is_valid():
        values = {"campaign": found, "by": request.user, "now": timezone.now()}
        actions.set_variants(weights=form.weights(), **values)
        return redirect("campaigns:campaign", pk=pk)
    return render(request, "campaigns/variants.html", {"form": form, "campaign": found})


@roles(Role.LEAD, Role.MANAGER)
@require_http_methods(EDIT)
def capacity(request, pk):
    """How many days and agents the campaign needs, against what was done so far; managers change the plan (CAM-9)."""
    found, now = campaign_of(request, pk), timezone.now()
    may_write = request.user.scope().has(Role.MANAGER)
    shown = queries.capacity_of(found, today=local_day(now, settings.TIME_ZONE))
    form = CapacityForm(posted(request), initial=CapacityForm.initial_of(shown.plan) if shown else None)
    if request.method == "POST" and may_write and form.is_valid():
        actions.save_capacity_plan(campaign=found, by=request.user, now=now, **form.values())
        return redirect("campaigns:capacity", pk=pk)
    context = {"campaign": found, "shown": shown, "form": form, "may_write": may_write}
    return render(request, "campaigns/capacity.html", context)
