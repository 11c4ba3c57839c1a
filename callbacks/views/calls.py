"""Calls and orders, their corrections, and calls from files."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callbacks.actions import cancel_order, confirm_order, correct_call, void_order
from callbacks.actions.import_calls import start_import
from callbacks.forms import CallFilter, CorrectionForm, ImportCallsForm, OrderFilter, OrderVerbForm
from callbacks.models import Call, Order
from callbacks.queries import lists, said_in
from callbacks.queries.recordings import playable, recording_of
from callbacks.states import OrderState
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from callcenter.workdays import local_day
from callcenter.workflow import can_move

LEADERS = (Role.LEAD, Role.MANAGER)
CHECKERS = (Role.QA, Role.QA_SUPERVISOR)
VERBS = {
    "confirm": (confirm_order, OrderState.VALID),
    "void": (void_order, OrderState.VOID),
    "cancel": (cancel_order, OrderState.CANCELLED),
}


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_GET
def call_list(request):
    form = CallFilter(request.GET or None, user=request.user)
    page = page_of(lists.calls(request.user, **form.chosen()), request.GET.get("page"))
    context = {"form": form, "page": page, "may_import": request.user.scope().has(*LEADERS)}
    return render(request, "callbacks/calls.html", context)


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_GET
def call_detail(request, pk):
    rows = Call.objects.visible_to(request.user).select_related(
        "campaign", "customer", "team", "agent", "disposition", "task"
    )
    call = get_object_or_404(rows, pk=pk)
    versions = lists.versions_of(call)
    context = {
        "call": call,
        "versions": versions,
        "player": playable(recording_of(call, versions), request.user),
        "guide": call.campaign.guide_seconds,
        "may_upload": request.user.scope().has(*LEADERS),
        "said": said_in(call),
        "order": Order.objects.filter(call=call).first(),
        "form": CorrectionForm() if _may_correct(request.user, call) else None,
    }
    return render(request, "callbacks/call.html", context)


def _may_correct(user, call):
    """Leads and quality correct calls; an agent the own ones until the day closes, and one never coded (ORPHAN) after it."""
    open_day = call.local_day == local_day(timezone.now(), settings.TIME_ZONE)
    own = call.agent_id == user.pk and (open_day or call.disposition.code == "ORPHAN")
    return not call.superseded and (own or user.scope().has(*LEADERS, *CHECKERS))


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_POST
def call_correct(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("disposition"), pk=pk)
    if not call.superseded and not _may_correct(request.user, call):
        raise Refused(
            _("The day of this call is closed: only a lead or quality corrects its result now."),
            code="not_yours",
        )
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    values = form.cleaned_data | {"note": form.cleaned_data["note"] or None}
    new = correct_call(call=call, by=request.user, now=timezone.now(), **values)
    messages.success(request, _("The call has been corrected; the old result stays on record."))
    return redirect("callbacks:call", pk=new.pk)


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_GET
def order_list(request):
    form = OrderFilter(request.GET or None, user=request.user)
    page = page_of(lists.orders(request.user, **form.chosen()), request.GET.get("page"))
    return render(request, "callbacks/orders.html", {"form": form, "page": page})


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_GET
def order_detail(request, pk):
    rows = Order.objects.visible_to(request.user).select_related(
        "campaign", "account__customer", "agent", "call"
    )
    order = get_object_or_404(rows, pk=pk)
    may = request.user.scope().has(*CHECKERS, Role.MANAGER)
    verbs = [name for name, (_verb, to) in VERBS.items() if may and can_move(order, to)]
    if order.trial_ends_on:
        verbs = [name for name in verbs if name != "confirm"]
    context = {
        "order": order,
        "verbs": verbs,
        "form": OrderVerbForm(),
        "steps": lists.history(order),
    }
    return render(request, "callbacks/order.html", context)


@roles(*CHECKERS, Role.MANAGER)
@require_POST
def order_verb(request, pk, verb):
    order = get_object_or_404(Order.objects.visible_to(request.user), pk=pk)
    if verb not in VERBS:
        raise Http404
    form = OrderVerbForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Give the reason; it stays in the history."), code="invalid", fields=form.errors)
    VERBS[verb][0](order=order, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])
    return redirect("callbacks:order", pk=pk)


@roles(*LEADERS)
@require_http_methods(["GET", "POST"])
def import_page(request):
    """Upload a file of calls; the job's page shows how far it is and gives the wrong rows back."""
    form = ImportCallsForm(posted(request), request.FILES or None, user=request.user)
    if form.is_bound and form.is_valid() and (job := attempt(form, _start, filled=form, user=request.user)):
        return redirect("job", pk=job.pk)
    return render(request, "callbacks/import.html", {"form": form}, status=422 if form.is_bound else 200)


def _start(*, filled, user):
    data = filled.cleaned_data
    return start_import(
        campaign=data["campaign"],
        upload=data["upload"],
        mapping=filled.mapping_data(),
        by=user,
        now=timezone.now(),
    )
