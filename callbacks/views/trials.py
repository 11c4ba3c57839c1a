"""Trials: the list, one with its course and evidence, and what may be done with it (CAM-10)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import run_trial_verb
from callbacks.forms import TRIAL_FORMS, TrialFilter, trial_forms
from callbacks.models import Order
from callbacks.queries import trials
from callcenter.access import Role, roles
from callcenter.forms import attempt
from callcenter.paging import page_of

READERS = (Role.AGENT, *trials.KEEPERS, *trials.CHECKERS)


def _orders(user):
    rows = Order.objects.visible_to(user).trials()
    return rows.select_related(
        "campaign__script",
        "account__customer",
        "agent",
        "first_call",
        "first_message",
        "second_call",
        "second_message",
    )


@roles(*READERS)
@require_GET
def trial_list(request):
    form = TrialFilter(request.GET or None, user=request.user)
    page = page_of(trials.trials(request.user, **form.chosen()), request.GET.get("page"))
    return render(request, "callbacks/trials.html", {"form": form, "page": page})


@roles(*READERS)
@require_GET
def trial_detail(request, pk):
    order = get_object_or_404(_orders(request.user), pk=pk)
    return _page(request, trials.trial_of(request.user, order))


def _page(request, trial, failed=None):
    """The page; a form that was refused stays open with what was typed."""
    forms = trial_forms(trial, failed)
    context = {
        "trial": trial,
        "order": trial.order,
        "forms": forms,
        "steps": trial.steps,
        # Extend, cancel and void ask for the same: why.
        "reason": next((forms[one] for one in ("extend", "cancel", "void") if one in forms), None),
        "sees_messages": request.user.scope().has(*trials.KEEPERS),
    }
    return render(request, "callbacks/trial.html", context, status=422 if failed else 200)


@roles(*trials.KEEPERS, *trials.CHECKERS)
@require_POST
def trial_verb(request, pk, verb):
    """One move by a person whose role includes it; 409 when the state of the trial does not."""
    order = get_object_or_404(_orders(request.user), pk=pk)
    if verb not in TRIAL_FORMS:
        raise Http404
    if not request.user.scope().has(*trials.VERB_ROLES[verb]):
        raise PermissionDenied(_("Your role does not include this step."))
    trial = trials.trial_of(request.user, order)
    form = TRIAL_FORMS[verb](request.POST, trial=trial)
    done = form.is_valid() and attempt(form, _run, order=order, does=verb, by=request.user, filled=form)
    if not done:
        return _page(request, trial, failed=(verb, form))
    messages.success(request, _("Saved."))
    return redirect("callbacks:trial", pk=pk)


def _run(*, order, does, by, filled):
    run_trial_verb(order, verb=does, by=by, now=timezone.now(), **filled.values())
    return True
