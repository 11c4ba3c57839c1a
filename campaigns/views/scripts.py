"""Pages of scripts and their versions (CAM-5)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from campaigns import actions, queries
from campaigns.forms import EvidenceForm, ScriptForm, ScriptVersionForm
from campaigns.models import Script, ScriptVersion
from campaigns.rules.merging import FIELDS

READERS = (Role.LEAD, Role.MANAGER, Role.TRAINER, Role.QA, Role.QA_SUPERVISOR, Role.CLIENT)
WRITERS = (Role.MANAGER, Role.TRAINER)
EDIT = ["GET", "POST"]


def _version(request, pk):
    rows = ScriptVersion.objects.visible_to(request.user).select_related(
        "script__client", "created_by", "approved_by", "client_approved_by"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*READERS)
@require_GET
def script_list(request):
    page = page_of(queries.scripts(request.user), request.GET.get("page"))
    context = {"page": page, "may_write": request.user.scope().has(*WRITERS)}
    return render(request, "campaigns/scripts.html", context)


@roles(*WRITERS)
@require_http_methods(EDIT)
def script_new(request):
    form = ScriptForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"by": request.user, "now": timezone.now()}
        if script := attempt(form, actions.create_script, **values):
            return redirect("campaigns:script_version_new", pk=script.pk)
    return render(request, "campaigns/script_new.html", {"form": form})


@roles(*WRITERS)
@require_http_methods(EDIT)
def script_version_new(request, pk):
    """A new version, starting with the texts of the newest one."""
    script = get_object_or_404(Script.objects.visible_to(request.user), pk=pk)
    newest = script.versions.order_by("-number", "-id").first()
    form = ScriptVersionForm(
        posted(request), initial=ScriptVersionForm.initial_of(newest) if newest else None
    )
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"script": script, "by": request.user, "now": timezone.now()}
        if made := attempt(form, actions.save_script_version, **values):
            return redirect("campaigns:script_version", pk=made.pk)
    return render(request, "campaigns/script_edit.html", {"form": form, "script": script, "fields": FIELDS})


@roles(*WRITERS)
@require_http_methods(EDIT)
def script_version_edit(request, pk):
    found = _version(request, pk)
    form = ScriptVersionForm(posted(request), initial=ScriptVersionForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"script": found.script, "version": found}
        if attempt(form, actions.save_script_version, by=request.user, now=timezone.now(), **values):
            return redirect("campaigns:script_version", pk=pk)
    context = {"form": form, "script": found.script, "version": found, "fields": FIELDS}
    return render(request, "campaigns/script_edit.html", context)


@roles(*READERS)
@require_GET
def script_version(request, pk):
    """A version as it is read to a customer in scope (``?customer=``), and its approvals."""
    found = _version(request, pk)
    customers = list(queries.preview_customers(request.user, found.script))
    customer = next((one for one in customers if str(one.pk) == request.GET.get("customer")), None)
    customer = customer or next(iter(customers), None) or queries.sample_customer()
    scope = request.user.scope()
    context = {
        "version": found,
        "versions": found.script.versions.order_by("-number", "-id"),
        "customers": customers,
        "customer": customer,
        "shown": queries.preview(found, customer=customer, agent=request.user),
        "may_write": scope.has(*WRITERS),
        "may_approve": scope.has(Role.MANAGER) and not found.approved_at,
        "may_approve_for_client": scope.has(Role.MANAGER, Role.CLIENT)
        and found.script.client_id is not None
        and not found.client_approved_at,
        "form": EvidenceForm(),
    }
    return render(request, "campaigns/script_version.html", context)


@roles(Role.MANAGER)
@require_POST
def script_approve(request, pk):
    actions.approve_script(version=_version(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("The version is approved by operations."))
    return redirect("campaigns:script_version", pk=pk)


@roles(Role.MANAGER, Role.CLIENT)
@require_POST
def script_client_approve(request, pk):
    """The client's approval: by its observer, or by staff with evidence."""
    form = EvidenceForm(request.POST)
    evidence = form.cleaned_data["evidence"] if form.is_valid() else ""
    version = _version(request, pk)
    actions.approve_script_for_client(version=version, by=request.user, now=timezone.now(), evidence=evidence)
    messages.success(request, _("The client's approval is recorded."))
    return redirect("campaigns:script_version", pk=pk)
