"""Letters and home visits: the list, reporting results, the address sheet (CB-12)."""

import hashlib

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callbacks.actions import record_paper_answers, report_deliveries
from callbacks.forms.deliveries import HandFilter, ReportForm, SheetForm
from callbacks.models import Task
from callbacks.queries import deliveries, questionnaire_of
from callbacks.states import ANSWERED, BY_HAND, OPEN
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.exports import log_export, reason_for, watermark
from callcenter.paging import page_of
from callcenter.texts import localized
from surveys.asking import all_seen, given_in, questions_of
from surveys.queries import form_of

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
        "answered": ANSWERED,
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


@roles(Role.AGENT, *LEADERS)
@require_http_methods(["GET", "POST"])
def paper(request, pk):
    """The answers of a letter that came back or of a visit: typed in here once, read here afterwards."""
    rows = Task.objects.visible_to(request.user).filter(channel__in=BY_HAND, delivery__state__in=ANSWERED)
    rows = rows.select_related("campaign__client", "customer", "delivery__response__version__questionnaire")
    task = get_object_or_404(rows, pk=pk)
    response = task.delivery.response
    version = response.version if response else questionnaire_of(task)
    if version is None:
        raise Http404
    context = {"task": task, "response": response, "version": version}
    if response:
        context["answers"] = _in_words(version, response)
        return render(request, "callbacks/paper.html", context)
    items, given, problems = form_of(version), {}, {}
    if request.method == "POST":
        given = given_in(request.POST, items)
        if all_seen(request.POST, items, given):
            try:
                record_paper_answers(
                    task=task,
                    answers=given,
                    blank="blank" in request.POST,
                    by=request.user,
                    now=timezone.now(),
                )
            except Refused as refusal:
                problems = refusal.fields
            else:
                messages.success(request, _("The answers are written down."))
                return redirect("callbacks:deliveries")
    context |= {"questions": questions_of(items, given, problems), "general": problems.get("", [])}
    context["wrong"] = bool(problems)
    return render(request, "callbacks/paper.html", context, status=422 if problems else 200)


def _in_words(version, response):
    """(question, answer) of each that was asked, in the order of asking."""
    answers = {answer.item_id: answer for answer in response.answers.filter(asked=True)}
    found = []
    for item in form_of(version):
        if answer := answers.get(item.id):
            words = {str(option.value): localized(option.text) for option in item.options}
            chosen = [words.get(value, value) for value in answer.values]
            said = _("not answered") if answer.refused else (", ".join(chosen) or answer.shown)
            found.append((item.text, said))
    return found
