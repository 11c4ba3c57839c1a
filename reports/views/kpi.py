"""The KPI page, the calls behind a figure, and the workbook."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.exports import ExportReasonForm
from reports.actions import start_workbook
from reports.forms import SelectionForm
from reports.queries.kpi import board
from reports.queries.page import kpi_page

readers = roles(Role.LEAD, Role.MANAGER, Role.QA_SUPERVISOR, Role.CLIENT)


@readers
@require_GET
def kpi(request):
    """Cards, funnel, daily trend and tables of the chosen period; every figure with its parts."""
    form = SelectionForm(request.GET, user=request.user, now=timezone.now())
    if not form.is_valid():
        return render(request, "reports/kpi.html", {"form": form}, status=422)
    found = board(request.user, form.selection())
    return render(
        request,
        "reports/kpi.html",
        {"form": form, "export_form": ExportReasonForm(), **kpi_page(found, form.today)},
    )


@readers
@require_POST
def workbook(request):
    """Start the workbook of the same selection as a job."""
    form = SelectionForm(request.POST, user=request.user, now=timezone.now())
    if not form.is_valid():
        raise Refused(
            " ".join(message for errors in form.errors.values() for message in errors), code="invalid"
        )
    asked = ExportReasonForm(request.POST)
    job = start_workbook(
        selection=form.selection(),
        by=request.user,
        reason=asked.cleaned_data["reason"] if asked.is_valid() else "",
        language=get_language(),
        now=timezone.now(),
    )
    return redirect("job", pk=job.pk)
