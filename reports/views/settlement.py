"""Settlement: the statements of the clients' months, the records behind their lines, schemes (KPI-13)."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.exports import ExportReasonForm, log_export, reason_for, watermark
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from callcenter.spreadsheet.write import stream_csv
from callcenter.workdays import local_day
from campaigns.models import Campaign
from reports import actions
from reports.forms import CampaignSchemeForm, SchemeForm, SignForm, StatementForm
from reports.models import SettlementScheme, Statement, StatementLine, StatementState
from reports.queries import settlement as queries

readers, managers = roles(Role.MANAGER, Role.CLIENT), roles(Role.MANAGER)


def _statement(request, pk):
    rows = Statement.objects.visible_to(request.user).select_related("client", "made_by", "signed_by")
    return get_object_or_404(rows, pk=pk)


def _lines(statement):
    rows = statement.lines.select_related("campaign", "scheme")
    return list(rows.order_by("campaign__name", "campaign_id", "kind", "place", "about", "id"))


@readers
@require_http_methods(["GET", "POST"])
def statements(request):
    """Every statement in scope, the newest month first; managers make the draft of a month here."""
    form = None
    if request.user.scope().has(Role.MANAGER):
        now = timezone.now()
        today = local_day(now, settings.TIME_ZONE)
        form = StatementForm(posted(request), user=request.user, today=today)
        if request.method == "POST" and form.is_valid():
            values = {**form.cleaned_data, "by": request.user, "now": now}
            made = attempt(form, actions.make_statement, **values)
            if made is not None:
                return redirect("reports:statement", pk=made.pk)
    rows = Statement.objects.visible_to(request.user).select_related("client", "made_by", "signed_by")
    page = page_of(rows.order_by("-month", "client__name", "-id"), request.GET.get("page"))
    return render(request, "reports/statements.html", {"page": page, "form": form})


@readers
@require_GET
def statement(request, pk):
    """One client's month, line by line."""
    found = _statement(request, pk)
    decides = request.user.scope().has(Role.MANAGER)
    context = {
        "statement": found,
        "lines": _lines(found),
        "may_decide": decides,
        "is_draft": found.state == StatementState.DRAFT,
        "may_sign": decides and found.made_by_id != request.user.pk,
        "export_form": ExportReasonForm(),
    }
    return render(request, "reports/statement.html", context)


@managers
@require_POST
def statement_count(request, pk):
    """Count a draft anew."""
    found = _statement(request, pk)
    actions.make_statement(client=found.client, month=found.month, by=request.user, now=timezone.now())
    messages.success(request, _("Counted anew."))
    return redirect("reports:statement", pk=pk)


@managers
@require_POST
def statement_sign(request, pk):
    """Sign what was shown: the form says when it was counted."""
    form = SignForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the statement and sign it there."), code="invalid")
    seen = form.cleaned_data["counted_at"]
    actions.sign_statement(
        statement=_statement(request, pk), by=request.user, now=timezone.now(), counted_at=seen
    )
    messages.success(request, _("The statement is signed. It stays as it is from now on."))
    return redirect("reports:statement", pk=pk)


@readers
@require_POST
@transaction.atomic
def statement_file(request, pk):
    """The statement as CSV; recorded with its reason like every export (CUS-11)."""
    found, now = _statement(request, pk), timezone.now()
    form = ExportReasonForm(request.POST)
    reason = reason_for(form.cleaned_data["reason"] if form.is_valid() else "")
    header = [
        _("Campaign"),
        _("Settlement scheme"),
        _("Kind"),
        _("Month"),
        _("Quantity"),
        _("Base"),
        _("Rate"),
        _("Amount"),
    ]
    rows = [
        [
            line.campaign.name if line.campaign else "",
            line.scheme.name if line.scheme else "",
            line.get_kind_display(),
            f"{line.about:%Y-%m}" if line.about else line.place or "",
            line.quantity,
            line.base,
            line.rate,
            line.amount,
        ]
        for line in _lines(found)
    ]
    whole = [*rows, [_("Total"), "", "", "", "", "", "", found.total]]
    mark = [[watermark(by=request.user, now=now, reason=reason)]]
    content = b"".join(stream_csv([*whole, *mark], header=header))
    log_export(
        request.user,
        "statement",
        reason=reason,
        rows=len(rows),
        sha256=hashlib.sha256(content).hexdigest(),
        now=now,
        filters={"client": found.client.code, "month": f"{found.month:%Y-%m}"},
        request=request,
        subject_id=found.pk,
    )
    name = f"settlement-{slugify(found.client.code) or found.client_id}-{found.month:%Y%m}.csv"
    return HttpResponse(
        content, content_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@managers
@require_GET
def statement_records(request, pk):
    """The records behind a line, as they are today."""
    rows = StatementLine.objects.filter(statement__in=Statement.objects.visible_to(request.user))
    line = get_object_or_404(rows.select_related("statement__client", "campaign", "scheme"), pk=pk)
    found = queries.records_behind(line)
    what, records = found if found else ("", StatementLine.objects.none())
    if found:
        records = records.filter(pk__in=records.model.objects.visible_to(request.user).values("pk"))
    context = {"line": line, "what": what, "page": page_of(records, request.GET.get("page"))}
    return render(request, "reports/statement_records.html", context)


@managers
@require_GET
def schemes(request):
    rows = SettlementScheme.objects.order_by("name", "id")
    return render(request, "reports/schemes.html", {"page": page_of(rows, request.GET.get("page"))})


@managers
@require_http_methods(["GET", "POST"])
def scheme(request, pk=None):
    """A scheme, new or not yet used; a used one is shown and stays as it is."""
    found = get_object_or_404(SettlementScheme, pk=pk) if pk else None
    used = found is not None and actions.is_used(found)
    form = SchemeForm(posted(request), instance=found)
    if used and request.method == "GET":
        for field in form.fields.values():
            field.disabled = True
    if request.method == "POST" and form.is_valid():
        values = {"scheme": form.save(commit=False), "by": request.user, "now": timezone.now()}
        if attempt(form, actions.save_scheme, **values):
            messages.success(request, _("The scheme is saved."))
            return redirect("reports:schemes")
    return render(request, "reports/scheme.html", {"form": form, "scheme": found, "used": used})


def _campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


@roles(Role.LEAD, Role.MANAGER)
@require_GET
def campaign_schemes(request, pk):
    """A fragment of the campaign's page: by which scheme it is settled from which month on."""
    found = _campaign(request, pk)
    context = {"campaign": found, "rows": queries.schemes_of(found)[:6]}
    context["may_decide"] = request.user.scope().has(Role.MANAGER)
    return render(request, "reports/_campaign_schemes.html", context)


@managers
@require_http_methods(["GET", "POST"])
def campaign_scheme(request, pk):
    """Choose the scheme of a campaign from a month on."""
    found = _campaign(request, pk)
    form = CampaignSchemeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = {"campaign": found, "by": request.user, "now": timezone.now(), **form.cleaned_data}
        if attempt(form, actions.choose_scheme, **values):
            messages.success(request, _("The settlement scheme is chosen."))
            return redirect("campaigns:campaign", pk=pk)
    return render(request, "reports/campaign_scheme.html", {"form": form, "campaign": found})
