"""Pages of complaints: the lists, the registration, one complaint's file and its procedure (CMP-1 … CMP-4)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.paging import page_of
from complaints import actions
from complaints.forms import complaints as forms
from complaints.models import Complaint
from complaints.queries import complaints as queries

HANDLERS = (Role.COMPLAINT, Role.LEAD, Role.MANAGER)
READERS = (*HANDLERS, Role.DEPARTMENT)
VERBS = actions.COMPLAINT_VERBS


@roles(*READERS)
@require_GET
def complaint_list(request):
    tab = request.GET.get("tab") if request.GET.get("tab") in queries.TABS else "open"
    form, now = forms.ComplaintFilter(request.GET), timezone.now()
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page = page_of(
        queries.complaint_list(user=request.user, tab=tab, now=now, text=text), request.GET.get("page")
    )
    context = {
        "page": page,
        "tab": tab,
        "tabs": queries.TABS,
        "form": form,
        "now": now,
        "may_register": request.user.scope().has(*HANDLERS),
    }
    return render(request, "complaints/list.html", context)


@roles(*HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_new(request):
    """Register a complaint; ``customer`` and ``issue`` in the address say whose and from which issue."""
    initial = {name: request.GET.get(name, "") for name in ("customer", "issue")}
    form = forms.RegisterForm(request.POST or None, user=request.user, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "complaints/new.html", {"form": form}, status=422 if form.is_bound else 200)
    complaint = actions.register(**form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, _("Registered. Tell the customer now that the complaint is in hand."))
    return redirect("complaints:detail", complaint.pk)


def _found(request, pk):
    rows = Complaint.objects.visible_to(request.user).select_related(
        "customer",
        "department",
        "handler",
        "team__unit",
        "concerned_agent",
        "registered_by",
        "issue__problem_point",
        "callback_task",
    )
    return get_object_or_404(rows, pk=pk)


def _form(verb, complaint, data=None):
    """The verb's form; ids carry its name, because several forms stand on one page."""
    return forms.VERB_FORMS[verb](data, complaint=complaint, auto_id=f"id_{verb}_%s")


def _page(request, complaint, *, status=200, **bound):
    handles = request.user.scope().has(*HANDLERS)
    legal = queries.verbs_of(complaint, request.user) if handles else []
    beside = ["resume" if complaint.paused_at else "pause", "handler"] if handles else []
    offered = {verb: _form(verb, complaint) for verb in [*legal, *beside]}
    offered["note"] = forms.NoteForm(complaint=complaint, auto_id="id_note_%s")
    # Templates cannot look up a name with a hyphen.
    offered = {verb.replace("-", "_"): form for verb, form in (offered | bound).items()}
    context = {
        "complaint": complaint,
        "now": timezone.now(),
        "verbs": legal,
        "forms": offered,
        "obstacle": queries.obstacle_of(complaint, request.user) if complaint.state == "proposed" else "",
        "stages": queries.stages(complaint),
        "entries": queries.history(complaint),
        "list_entry": queries.proposed_entry(complaint) if complaint.serious else None,
        "handles": handles,
        "remedies": complaint.remedies.select_related("proposed_by", "approved_by").order_by("round", "id"),
        "others": list(queries.others_of_customer(complaint, request.user)),
    }
    return render(request, "complaints/detail.html", context, status=status)


@roles(*READERS)
@require_GET
def complaint_detail(request, pk):
    return _page(request, _found(request, pk))


@roles(*HANDLERS)
@require_POST
def complaint_verb(request, pk, verb):
    """One step of the procedure."""
    complaint = _found(request, pk)
    if verb not in VERBS:
        raise Http404
    form = _form(verb, complaint, request.POST)
    if not form.is_valid():
        return _page(request, complaint, status=422, **{verb: form})
    VERBS[verb](complaint=complaint, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("complaints:detail", complaint.pk)


@roles(*READERS)
@require_POST
def complaint_note(request, pk):
    """An internal note; the responsible department may write one too."""
    complaint = _found(request, pk)
    form = forms.NoteForm(request.POST, complaint=complaint, auto_id="id_note_%s")
    if not form.is_valid():
        return _page(request, complaint, status=422, note=form)
    actions.add_note(complaint=complaint, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("complaints:detail", complaint.pk)
