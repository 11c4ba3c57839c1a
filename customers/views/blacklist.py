"""The do-not-call list: its pages, what a person asks for, what a second person decides, and lists from files (CUS-6)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from customers import actions, queries
from customers.actions.blacklist_import import start_list_import
from customers.forms import BlockForm, EntryFilter, EntryImportForm, EntryVerbForm, NewEntryForm
from customers.models import Customer
from customers.states import EntryState
from customers.views.archive import READERS
from customers.views.contact import form_page


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_list(request):
    """Entries in scope. A phone number is asked for by POST, so that it stands in no address and no log."""
    number = request.POST.get("number", "").strip()[:40] if request.method == "POST" else ""
    form, now = EntryFilter(request.GET, user=request.user), timezone.now()
    rows = queries.entry_list(request.user, now=now, number=number, **form.chosen())
    context = {
        "page": page_of(rows, request.GET.get("page")),
        "form": form,
        "number": number,
        "now": now,
        "may_import": request.user.scope().has(Role.MANAGER),
    }
    return render(request, "customers/entries.html", context)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Put a number on the list, or propose it."""
    form = NewEntryForm(posted(request), user=request.user)
    values = {"by": request.user, "now": timezone.now()}
    if form.is_bound and form.is_valid():
        entry = attempt(form, actions.ask_not_to_contact, **values, **form.cleaned_data)
        if entry is not None:
            messages.success(request, said(entry))
            return redirect("customers:entry", pk=entry.pk)
    return render(request, "customers/entry_new.html", {"form": form}, status=422 if form.errors else 200)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def block(request, pk):
    """Put a customer on the list, or propose it."""
    customer = get_object_or_404(
        Customer.objects.records().visible_to(request.user).select_related("unit"), pk=pk
    )
    form = BlockForm(posted(request))
    values = {"customer": customer, "by": request.user, "now": timezone.now()}
    if form.is_bound and form.is_valid():
        entry = attempt(form, actions.ask_not_to_contact, **values, **form.cleaned_data)
        if entry is not None:
            messages.success(request, said(entry))
            return redirect("customers:detail", pk=pk)
    return form_page(request, customer, form, _("Put on the do-not-call list"), _("Do not call any more"))


def said(entry) -> str:
    """What has become of the wish."""
    if entry.state == EntryState.PROPOSED:
        return _("Proposed. It holds as soon as a second person has approved it.")
    return _("The entry is in force from now on.")


@roles(*READERS)
@require_GET
def detail(request, pk):
    """One entry with its history and what may be done with it."""
    return _page(request, get_object_or_404(queries.entry_page(request.user), pk=pk))


def _page(request, entry, *, status=200, **bound):
    now = timezone.now()
    verbs, obstacle = queries.entry_verbs(entry, request.user, now=now)
    context = {
        "entry": entry,
        "now": now,
        "verbs": [(verb, bound.get(verb) or _form(verb)) for verb in verbs],
        "obstacle": obstacle,
        "steps": queries.entry_history(entry),
    }
    return render(request, "customers/entry.html", context, status=status)


def _form(verb, data=None):
    return EntryVerbForm(data, verb=verb, auto_id=f"id_{verb}_%s")


@roles(*READERS)
@require_POST
def verb(request, pk, verb):
    """One step of an entry; deciding takes somebody else than who asked for it."""
    entry = get_object_or_404(queries.entry_page(request.user), pk=pk)
    if verb not in actions.ENTRY_VERBS:
        raise Http404
    form = _form(verb, request.POST)
    if not form.is_valid():
        return _page(request, entry, status=422, **{verb: form})
    actions.decide_entry(
        entry=entry, verb=verb, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("Saved."))
    return redirect("customers:entry", pk=pk)


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request):
    """Load a list of numbers; the job's page shows how far it is and gives the wrong rows back."""
    form = EntryImportForm(posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        if job := attempt(form, start_list_import, upload=upload, by=request.user, now=timezone.now()):
            return redirect("job", pk=job.pk)
    context = {"form": form}
    return render(request, "customers/entry_import.html", context, status=422 if form.is_bound else 200)
