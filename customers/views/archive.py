"""Pages of the archive: the list, one customer, writing one down (CUS-1, CUS-9)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from callcenter.access import Role, roles
from callcenter.errors import Conflict
from callcenter.paging import page_of
from customers import actions, queries
from customers.forms import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm, PurposeForm
from customers.models import Customer, Phone

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
VIEWERS = (*READERS, Role.QA, Role.QA_SUPERVISOR)
WRITERS = (Role.LEAD, Role.MANAGER)
SHOWN = 5


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_list(request):
    """Customers in scope. A phone number is asked for by POST, so that it stands in no address and no log."""
    number = request.POST.get("number", "").strip()[:40] if request.method == "POST" else ""
    form = CustomerFilter(request.GET, user=request.user)
    rows = queries.customer_list(request.user, number=number, **form.chosen())
    page = page_of(rows, request.GET.get("page"))
    context = {"page": page, "form": form, "number": number, "may_write": request.user.scope().has(*WRITERS)}
    return render(request, "customers/list.html", context)


@roles(*VIEWERS)
@require_GET
def detail(request, pk):
    """One customer with everything that decides about the next contact."""
    customer = get_object_or_404(queries.customer_page(request.user), pk=pk)
    if customer.merged_into_id:
        messages.info(request, _("This record was merged into the one you see here."))
        return redirect("customers:detail", pk=customer.merged_into_id)
    scope, now = request.user.scope(), timezone.now()
    fields = queries.fields_of(customer.client_id)
    score, lacking = queries.completeness_of(customer, fields)
    context = {
        "customer": customer,
        "own_fields": queries.shown_fields(customer, fields),
        "score": score,
        "lacking": lacking,
        **_duplicates(request.user, customer),
        "consents": queries.latest_consents(customer),
        "blacklist": queries.blacklist_of(customer, now=now),
        "now": now,
        "contacts": queries.recent_contacts(customer),
        **_holds(customer),
        "may_hold": scope.has(Role.MANAGER) and customer.restriction != Customer.Restriction.ERASED,
        "may_copy": scope.has(Role.MANAGER),
        "may_write": scope.has(*WRITERS),
        "may_reveal": scope.has(*READERS),
        "may_erase": scope.has(Role.MANAGER) and customer.restriction != Customer.Restriction.ERASED,
        "states": Phone.State.choices,
        **_permission(request, customer),
    }
    return render(request, "customers/detail.html", context)


def _holds(customer):
    """Every legal hold, and the one in force."""
    holds, now = list(queries.holds_of(customer)), timezone.now()
    in_force = (hold for hold in holds if hold.lifted_at is None and (hold.until is None or hold.until > now))
    return {"holds": holds, "hold_now": next(in_force, None)}


def _duplicates(user, customer):
    """What only those who may merge see: possible duplicates, and merges that can be undone."""
    if not user.scope().has(*WRITERS):
        return {}
    undoable = queries.merges(customer).filter(undo_until__gte=timezone.now()).exclude(journal=[])
    return {"pairs": queries.duplicate_pairs(user, customer)[:SHOWN], "merges": undoable[:SHOWN]}


@roles(*VIEWERS)
@require_GET
def timeline(request, pk):
    """Everything that happened with one customer, newest first; htmx gets the entries alone."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    kinds = queries.kinds_for(request.user)
    kind = request.GET.get("kind") if request.GET.get("kind") in kinds else ""
    before = queries.read_cursor(request.GET.get("before", ""))
    entries = queries.timeline(request.user, customer, kind=kind, before=before)
    context = {"customer": customer, "kinds": kinds, "kind": kind, "before": before, "entries": entries}
    page = "customers/_timeline.html" if request.htmx else "customers/timeline.html"
    return render(request, page, context)


@roles(*VIEWERS)
@require_GET
def permission(request, pk):
    """May the customer be contacted now, for the chosen purpose and channel? The fragment of the page alone."""
    customer = get_object_or_404(queries.customer_page(request.user), pk=pk)
    return render(
        request, "customers/_permission.html", {"customer": customer, **_permission(request, customer)}
    )


def _permission(request, customer):
    form = PurposeForm(request.GET)
    purpose, channel = form.chosen()
    usable = [phone.number for phone in customer.phones.all() if phone.state == Phone.State.VALID]
    decision = queries.may_contact(
        customer,
        number=usable[0] if usable else "",
        channel=channel,
        purpose=purpose,
        campaign_code="",
        now=timezone.now(),
    )
    return {"decision": decision, "purpose_form": PurposeForm({"purpose": purpose, "channel": channel})}


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Write a customer down by hand."""
    if request.htmx and "show_fields" in request.POST:
        return _new_page(request, NewCustomerForm(initial=request.POST.dict(), user=request.user))
    form = NewCustomerForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _new_page(request, form)
    place = {name: form.cleaned_data[name] for name in ("client", "unit", "team")}
    try:
        customer = actions.create_customer(
            **place,
            numbers=[form.cleaned_data["number"]],
            by=request.user,
            now=timezone.now(),
            **form.values(),
        )
    except actions.REFUSALS as refused:
        return _new_page(request, with_errors(form, refused), status=refused.status)
    messages.success(request, _("The customer has been added."))
    return redirect("customers:detail", pk=customer.pk)


def _new_page(request, form, status=200):
    status = 422 if form.errors and status == 200 else status
    return render(request, "customers/new.html", {"form": form}, status=status)


def with_errors(form, refused):
    for name, texts in (refused.fields or {None: [str(refused.message)]}).items():
        form.add_error(name if name in form.fields else None, texts)
    return form


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change a customer; what somebody else changed meanwhile is shown beside what was typed, and nothing is lost."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _edit_page(
            request, customer, CustomerForm(instance=customer, initial={"version": customer.version})
        )
    form = CustomerForm(request.POST, instance=get_object_or_404(Customer, pk=pk))
    if not form.is_valid():
        return _edit_page(request, customer, form, status=422)
    try:
        actions.update_customer(
            customer=customer,
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
            **form.values(),
        )
    except Conflict as conflict:
        return _conflict(request, customer, form, conflict)
    messages.success(request, _("Saved."))
    return redirect("customers:detail", pk=pk)


def _edit_page(request, customer, form, status=200, **extra):
    return render(
        request, "customers/edit.html", {"customer": customer, "form": form, **extra}, status=status
    )


def _conflict(request, customer, form, conflict):
    """The form as it was typed, now against the version that is stored."""
    stored = Customer.objects.get(pk=customer.pk)
    differences = form.differences(stored)
    form.data = form.data.copy()
    form.data["version"] = stored.version
    return _edit_page(
        request, stored, with_errors(form, conflict), status=conflict.status, differences=differences
    )


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def phone_new(request, pk):
    """A further number of a customer."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    form = PhoneForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_phone(customer=customer, **form.cleaned_data)
        except actions.REFUSALS as refused:
            form, status = with_errors(form, refused), refused.status
        else:
            messages.success(request, _("The number has been added."))
            return redirect("customers:detail", pk=pk)
    context = {"customer": customer, "form": form, "title": _("Add a number"), "submit": _("Add")}
    return render(request, "customers/form.html", context, status=status)


@roles(*WRITERS, Role.QA_SUPERVISOR)
@require_GET
def completeness(request):
    """How complete the records of each client and team are, and what they lack."""
    return render(
        request, "customers/completeness.html", {"lines": queries.completeness_by_team(request.user)}
    )
