"""Pages of scripts and their versions (CAM-5)."""

import re

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from campaigns import actions, queries
from campaigns.forms import EvidenceForm
from campaigns.forms.scripts import LANGUAGES, OutlineForm, ScriptForm, row_of
from campaigns.models import Script, ScriptVersion
from campaigns.queries import outlines
from campaigns.queries.outlines import TEXTS
from campaigns.rules import outline
from campaigns.rules.merging import FIELDS

READERS = (Role.LEAD, Role.MANAGER, Role.TRAINER, Role.QA, Role.QA_SUPERVISOR, Role.CLIENT)
WRITERS = (Role.MANAGER, Role.TRAINER)
EDIT = ["GET", "POST"]
DIGITS = re.compile(r"\A[0-9]{1,9}\Z")
# Any age over three months shows the legal wording.
OLD_DEBT_DAYS = 100


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
    """A new version, starting with the texts of the newest one, or with ours for what the script is for."""
    script = get_object_or_404(Script.objects.visible_to(request.user).select_related("client"), pk=pk)
    newest = script.versions.order_by("-number", "-id").first()
    form = OutlineForm.of(newest, script, posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"script": script, "by": request.user, "now": timezone.now()}
        if made := attempt(form, actions.save_script_version, **values):
            return redirect("campaigns:script_version", pk=made.pk)
    return render(request, "campaigns/script_edit.html", _editor(request, form, script))


@roles(*WRITERS)
@require_http_methods(EDIT)
def script_version_edit(request, pk):
    found = _version(request, pk)
    form = OutlineForm.of(found, found.script, posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"script": found.script, "version": found}
        if attempt(form, actions.save_script_version, by=request.user, now=timezone.now(), **values):
            return redirect("campaigns:script_version", pk=pk)
    return render(request, "campaigns/script_edit.html", _editor(request, form, found.script, found))


@roles(*WRITERS)
@require_POST
def script_outline(request, pk):
    """What is typed, not saved: with a button of the outline (``do=indent:3``) edited; for htmx only the side beside it."""
    script = get_object_or_404(Script.objects.visible_to(request.user).select_related("client"), pk=pk)
    number = request.POST.get("version", "")
    version = script.versions.filter(pk=int(number)).first() if DIGITS.match(number) else None
    form = OutlineForm(request.POST)
    verb, _colon, place = request.POST.get("do", "").partition(":")
    if verb in outline.EDITS and DIGITS.match(place) and int(place) < max(len(form.lines), 1):
        at = int(place) if form.lines else -1
        if form.lines or verb == "add":
            form.lines, _focus = outline.EDITS[verb](form.lines, at)
    template = "campaigns/_outline_side.html" if request.htmx else "campaigns/script_edit.html"
    return render(request, template, _editor(request, form, script, version))


def _editor(request, form, script, version=None):
    """What the page of a version being written shows: its lines, what is wrong with them, and how it sounds."""
    texts = {name: form.texts(name) for name in TEXTS}
    language = request.POST.get("shown", "") or get_language() or ""
    trial = ScriptVersion(script=script, steps=outline.written(form.lines), **texts)
    trial.statements = []
    customers = list(queries.preview_customers(request.user, script))
    chosen = request.POST.get("customer", "")
    customer = next((one for one in customers if str(one.pk) == chosen), None)
    customer = customer or next(iter(customers), None) or queries.sample_customer()
    old = request.POST.get("debt") == "old"
    return {
        "form": form,
        "script": script,
        "version": version,
        "fields": FIELDS,
        "rows": form.rows(),
        "blank_row": row_of(outline.Line(outline.SAY)),
        "shown_language": language if language in LANGUAGES else LANGUAGES[0],
        "languages": settings.LANGUAGES,
        "remarks": outlines.remarks(
            form.lines, opening=texts["opening"], closing=texts["closing"], kind=script.kind
        ),
        "span": outlines.seconds_of(form.lines, opening=texts["opening"], closing=texts["closing"]),
        "guide": outline.GUIDE_SECONDS,
        "required": outlines.required_of(script),
        "customers": customers,
        "customer": customer,
        "old_debt": old,
        "shown": queries.preview(
            trial,
            customer=customer,
            agent=request.user,
            now=timezone.now(),
            debt_days=OLD_DEBT_DAYS if old else None,
            language=language if language in LANGUAGES else "",
        ),
    }


@roles(*READERS)
@require_GET
def script_version(request, pk):
    """A version as it is read to a customer in scope (``?customer=``), and its approvals."""
    found = _version(request, pk)
    customers = list(queries.preview_customers(request.user, found.script))
    customer = next((one for one in customers if str(one.pk) == request.GET.get("customer")), None)
    customer = customer or next(iter(customers), None) or queries.sample_customer()
    scope = request.user.scope()
    old = request.GET.get("debt") == "old"
    before = outlines.previous_of(found)
    context = {
        "before": before,
        "old_debt": old,
        "has_wordings": bool(found.legal_opening) or any(step.get("wording") for step in found.steps),
        "remarks": outlines.problems_of(found),
        "span": outlines.seconds_of(outlines.outline_of(found), opening=found.opening, closing=found.closing),
        "guide": outline.GUIDE_SECONDS,
        "version": found,
        "versions": found.script.versions.order_by("-number", "-id"),
        "customers": customers,
        "customer": customer,
        "shown": queries.preview(
            found,
            customer=customer,
            agent=request.user,
            now=timezone.now(),
            debt_days=OLD_DEBT_DAYS if old else None,
        ),
        "may_write": scope.has(*WRITERS),
        "may_approve": scope.has(Role.MANAGER) and not found.approved_at,
        "may_approve_for_client": scope.has(Role.MANAGER, Role.CLIENT)
        and found.script.client_id is not None
        and not found.client_approved_at,
        "form": EvidenceForm(),
    }
    return render(request, "campaigns/script_version.html", context)


@roles(*READERS)
@require_GET
def script_changes(request, pk):
    """What differs from another version of the same script (``?with=``), else from the one before."""
    found = _version(request, pk)
    others = found.script.versions.exclude(pk=found.pk).order_by("-number", "-id")
    chosen = next((one for one in others if str(one.pk) == request.GET.get("with")), None)
    chosen = chosen or outlines.previous_of(found) or others.first()
    lines = outlines.comparison(chosen, found) if chosen else []
    context = {
        "version": found,
        "other": chosen,
        "others": others,
        "lines": lines,
        "changed": any(line.kind != "same" for line in lines),
    }
    return render(request, "campaigns/script_changes.html", context)


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
