"""Pages of focus issues: the board, one focus issue, the banner for agents (ISS-5)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callcenter.access import Role, roles
from callcenter.paging import page_of
from complaints import actions
from complaints.forms.issues import NoticeForm, ResolveForm
from complaints.models import FocusIssue
from complaints.queries import focus as queries

READERS = (Role.AGENT, Role.LEAD, Role.MANAGER, Role.COMPLAINT, Role.QA, Role.QA_SUPERVISOR, Role.DEPARTMENT)


@roles(*READERS)
@require_GET
def focus_board(request):
    page = page_of(queries.focus_board(request.user), request.GET.get("page"))
    points = queries.points_by_customers() if request.user.scope().has(Role.LEAD, Role.MANAGER) else []
    return render(request, "complaints/focus.html", {"page": page, "points": points})


def _found(request, pk):
    rows = FocusIssue.objects.visible_to(request.user).select_related("problem_point", "department", "head")
    return get_object_or_404(rows, pk=pk)


def _page(request, focus, *, status=200, **bound):
    context = queries.focus_file(focus, request.user) | {
        "focus": focus,
        "notice_form": NoticeForm(initial={"notice": focus.notice}),
        "resolve_form": ResolveForm(),
    }
    return render(request, "complaints/focus_detail.html", context | bound, status=status)


@roles(*READERS)
@require_GET
def focus_detail(request, pk):
    return _page(request, _found(request, pk))


@roles(Role.LEAD, Role.MANAGER)
@require_POST
def focus_notice(request, pk):
    """The agreed answer that agents give customers."""
    focus, form = _found(request, pk), NoticeForm(request.POST)
    if not form.is_valid():
        return _page(request, focus, status=422, notice_form=form)
    actions.publish_notice(focus=focus, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The answer for customers is published to the agents."))
    return redirect("complaints:focus_detail", focus.pk)


@roles(Role.DEPARTMENT)
@require_POST
def focus_resolve(request, pk):
    """The head of the department says how the problem was solved."""
    focus, form = _found(request, pk), ResolveForm(request.POST)
    if not form.is_valid():
        return _page(request, focus, status=422, resolve_form=form)
    actions.resolve_focus(focus=focus, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Resolved. A sample of the customers is called back."))
    return redirect("complaints:focus_detail", focus.pk)


@roles(*READERS)
@require_GET
def focus_banner(request):
    """Fragment for the desk and the queue pages: what agents must know now."""
    return render(request, "complaints/_focus_banner.html", {"focus_issues": queries.published_focus()[:5]})
