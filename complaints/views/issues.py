"""Pages of issues: the lists, one issue's file, and what may be done with it (ISS-1 … ISS-3, CB-10)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.paging import page_of
from complaints import actions
from complaints.forms.issues import (
    AllowForm,
    AnswerForm,
    ConfirmForm,
    IssueFilter,
    RaiseForm,
    ReopenForm,
    SendForm,
    SolveForm,
)
from complaints.models import Issue, SecondContact
from complaints.queries import issues as queries
from complaints.queries.contacts import level3_result, open_contact
from complaints.queries.focus import customers_since_reset

RUNNERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
READERS = (*RUNNERS, Role.DEPARTMENT, Role.AGENT)
VERBS = {
    "send": (SendForm, actions.send_to_department),
    "solve": (SolveForm, actions.solve_issue),
    "reopen": (ReopenForm, actions.reopen_issue),
    "contact": (ConfirmForm, actions.plan_second_contact),
}


@roles(*READERS)
@require_GET
def issue_list(request):
    tab = request.GET.get("tab") if request.GET.get("tab") in queries.TABS else "urgent"
    form = IssueFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "department": None, "point": None}
    now = timezone.now()
    rows = queries.issue_list(
        user=request.user,
        tab=tab,
        now=now,
        text=chosen["q"],
        department=chosen["department"],
        point=chosen["point"],
    )
    page = page_of(rows, request.GET.get("page"))
    context = {"page": page, "tab": tab, "tabs": queries.TABS, "form": form, "now": now}
    return render(request, "complaints/issues.html", context)


def _found(request, pk):
    rows = Issue.objects.visible_to(request.user).select_related(
        "customer", "campaign", "team", "problem_point", "department", "raised_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request, issue, *, status=200, **bound):
    contact, now = open_contact(issue), timezone.now()
    may = queries.may_do(issue, request.user, contact)
    forms = {
        "send": SendForm(initial={"department": issue.department_id}, auto_id="id_send_%s"),
        "answer": AnswerForm(),
        "solve": SolveForm(auto_id="id_solve_%s"),
        "reopen": ReopenForm(auto_id="id_reopen_%s"),
        "allow": AllowForm(auto_id="id_allow_%s"),
    }
    context = {
        "issue": issue,
        "now": now,
        "may": may,
        "forms": forms | bound,
        "contact": contact,
        "result": contact and level3_result(contact),
        "entries": queries.timeline(issue),
        "customers": customers_since_reset(issue.problem_point, now=now),
    }
    return render(request, "complaints/issue.html", context, status=status)


@roles(*READERS)
@require_GET
def issue_detail(request, pk):
    return _page(request, _found(request, pk))


@roles(*RUNNERS)
@require_POST
def issue_verb(request, pk, verb):
    """Send to a department, close, open again, plan a second contact."""
    issue = _found(request, pk)
    if verb not in VERBS:
        raise Http404
    form_class, action = VERBS[verb]
    form = form_class(request.POST, auto_id=f"id_{verb}_%s")
    if not form.is_valid():
        return _page(request, issue, status=422, **{verb: form})
    action(issue=issue, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("complaints:issue", issue.pk)


@roles(Role.DEPARTMENT)
@require_POST
def issue_answer(request, pk):
    """The department answers; the action refuses other departments and levels the issue has gone past."""
    issue, form = _found(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, issue, status=422, answer=form)
    actions.answer_issue(issue=issue, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The answer was saved; the team lead has been told."))
    return redirect("complaints:issue", issue.pk)


@roles(Role.LEAD, Role.MANAGER)
@require_POST
def contact_allow(request, pk):
    """A lead allows an outcome that contradicts the level-3 result."""
    reached = Issue.objects.visible_to(request.user).values("pk")
    contact = get_object_or_404(SecondContact.objects.filter(issue__in=reached), pk=pk)
    form = AllowForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(request, contact.issue_id), status=422, allow=form)
    actions.allow_other_outcome(contact=contact, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("complaints:issue", contact.issue_id)


@roles(*RUNNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_new(request):
    """An issue that was not raised in a call; ``customer`` in the address says whose."""
    initial = {"customer": request.GET.get("customer", "")}
    form = RaiseForm(request.POST or None, user=request.user, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "complaints/issue_new.html", {"form": form}, status=422 if form.is_bound else 200
        )
    issue = actions.raise_issue(
        **form.cleaned_data,
        campaign=None,
        call=None,
        team=None,
        origin=Issue.Origin.STAFF,
        by=request.user,
        now=timezone.now(),
    )
    return redirect("complaints:issue", issue.pk)


@roles(*READERS)
@require_GET
def customer_issues(request, pk):
    """Fragment for the pages of the apps below: the open issues of a customer the person reaches."""
    issues = list(queries.customer_issues(user=request.user, customer_id=pk))
    context = {"issues": issues, "customer_id": pk, "may_raise": request.user.scope().has(*RUNNERS)}
    return render(request, "complaints/_customer_issues.html", context)
