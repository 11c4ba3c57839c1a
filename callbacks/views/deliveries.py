"""Letters and home visits: the list, reporting results, the address sheet (CB-12)."""

import hashlib

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import report_deliveries
from callbacks.forms.deliveries import HandFilter, ReportForm, SheetForm
from callbacks.models import Task
from callbacks.queries import deliveries
from callbacks.states import BY_HAND, OPEN
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.exports import log_export, reason_for, watermark
from callcenter.paging import page_of

LEADERS = (Role.LEAD, Role.MANAGER)
SUBJECT = "address_sheet"


@roles(Role.AGENT, *LEADERS)
@require_GET
def hand_list(request):
    """What is to be posted or visited, with the response rates of what was."""
    form = HandFilter(request.GET or None, user=request.user)
    chosen = form.chosen()
    tab = chosen.get("tab") or "todo"
    page = page_of(deliveries.by_hand(request.user, **chosen), request.GET.get("page"))
    now = timezone.now()
    context = {
        "form": form,
        "tab": tab,
        "page": page,
        "report": ReportForm(initial={"day": timezone.localdate(now)}) if page.rows else None,
        "sheet": SheetForm() if request.user.scope().has(*LEADERS) and tab == "todo" else None,
        "rates": deliveries.response_rates(request.user, campaign=chosen.get("campaign")),
        "now": now,
    }
    return render(request, "callbacks/deliveries.html", context)


def _read(form):
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    return form.cleaned_data


def _ticked(request, ids):
    return Task.objects.visible_to(request.user).filter(pk__in=ids, channel__in=BY_HAND)


@roles(Role.AGENT, *LEADERS)
@require_POST
def report(request):
    """Write one result on the ticked letters or visits."""
    form, now = ReportForm(request.POST), timezone.now()
    data = _read(form)
    done, barred = report_deliveries(
        tasks=list(_ticked(request, data["task"])),
        result=data["result"],
        at=form.at(now),
        note=data["note"],
        by=request.user,
        now=now,
    )
    told = ngettext("%(count)s task reported.", "%(count)s tasks reported.", done) % {"count": done}
    messages.success(request, told)
    if barred:
        messages.warning(
            request,
            _("Not to be written to, and left as they are: %(numbers)s.")
            % {"numbers": ", ".join(f"#{task.pk}" for task in barred)},
        )
    return redirect(reverse("callbacks:deliveries"))


@roles(*LEADERS)
@require_POST
@transaction.atomic
def sheet(request):
    """The addresses of the ticked ones, to be printed; recorded as an export with its reason (CUS-11)."""
    data, now = _read(SheetForm(request.POST)), timezone.now()
    reason = reason_for(data["reason"])
    rows = _ticked(request, data["task"]).filter(state__in=OPEN)
    lines, left_out = deliveries.address_sheet(rows, now=now)
    content = "\n".join(f"{line.task.pk}\t{line.name}\t{line.address}" for line in lines)
    log_export(
        request.user,
        SUBJECT,
        reason=reason,
        rows=len(lines),
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        now=now,
        filters={"tasks": [line.task.pk for line in lines]},
        request=request,
    )
    context = {
        "lines": lines,
        "left_out": left_out,
        "mark": watermark(by=request.user, now=now, reason=reason),
    }
    return render(request, "callbacks/address_sheet.html", context)
