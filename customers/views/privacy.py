"""Pages of personal data: seeing a whole number, holding, copying and erasing, and the log of all of it (CUS-11)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from callcenter.access import Role, roles
from callcenter.exports import ExportReasonForm
from callcenter.files import download
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from customers import actions, queries
from customers.actions.privacy.revealing import HIDDEN
from customers.forms import EraseForm, HoldForm, LiftForm, ProtectionFilter, RevealForm
from customers.models import Customer, LegalHold
from customers.views.archive import READERS, with_errors
from customers.views.contact import form_page, phone_or_404


def _customer_or_404(request, pk):
    return get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request, pk):
    """The whole number for a reason, shown once on this page; every showing is one row of the access log."""
    phone = phone_or_404(request, pk)
    title, submit = _("See the whole number"), _("Show the number")
    return _revealed(
        request, phone.customer, title, submit, actions.reveal_phone, phone=phone, extension=phone.extension
    )


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal_hidden(request, pk, what):
    """The whole e-mail address or identity number; the same rules."""
    customer = _customer_or_404(request, pk)
    if what not in HIDDEN or not HIDDEN[what](customer):
        raise Http404
    title = _("See the whole address") if what == "email" else _("See the whole number")
    return _revealed(request, customer, title, _("Show"), actions.reveal, customer=customer, what=what)


def _revealed(request, person, title, submit, verb, extension="", **whose):
    form = RevealForm(posted(request))
    if not form.is_bound or not form.is_valid():
        return form_page(request, person, form, title, submit)
    reason = form.cleaned_data["reason"]
    try:
        value = verb(by=request.user, reason=reason, now=timezone.now(), request=request, **whose)
    except actions.REFUSALS as refused:
        return form_page(request, person, with_errors(form, refused), title, submit, status=refused.status)
    context = {"customer": person, "value": value, "extension": extension}
    response = render(request, "customers/revealed.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, pk):
    """Erase a customer's personal data for good."""
    customer = _customer_or_404(request, pk)
    form = EraseForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, customer, form, _("Erase personal data"), _("Erase for good"))
    actions.erase_customer(
        customer=customer, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
    )
    messages.success(request, _("The personal data have been erased."))
    return redirect("customers:detail", pk=pk)


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request, pk):
    """Put a customer's data under a legal hold."""
    customer = _customer_or_404(request, pk)
    form = HoldForm(posted(request))
    values = {"customer": customer, "by": request.user, "now": timezone.now()}
    if form.is_bound and form.is_valid() and attempt(form, actions.place_hold, **values, **form.cleaned_data):
        messages.success(request, _("The customer's data stay until the hold ends."))
        return redirect("customers:detail", pk=pk)
    return form_page(request, customer, form, _("Place a legal hold"), _("Keep the data"))


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request, pk):
    """Lift a hold that somebody else has placed."""
    row = get_object_or_404(LegalHold.objects.visible_to(request.user).select_related("customer"), pk=pk)
    form = LiftForm(posted(request))
    values = {"hold": row, "by": request.user, "now": timezone.now()}
    if form.is_bound and form.is_valid() and attempt(form, actions.lift_hold, **values, **form.cleaned_data):
        messages.success(request, _("The hold has been lifted."))
        return redirect("customers:detail", pk=row.customer_id)
    return form_page(request, row.customer, form, _("Lift the legal hold"), _("Lift the hold"))


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request, pk):
    """A file of everything that is known about the person, for the person."""
    customer = _customer_or_404(request, pk)
    form = ExportReasonForm(posted(request))
    values = {"customer": customer, "by": request.user, "now": timezone.now()}
    if (
        form.is_bound
        and form.is_valid()
        and (job := attempt(form, actions.start_copy, **values, **form.cleaned_data))
    ):
        return redirect("job", pk=job.pk)
    return form_page(request, customer, form, _("Copy of the person's data"), _("Make the copy"))


@roles(Role.MANAGER)
@require_GET
def protection(request):
    """Who exported, saw, erased and held what, in the person's scope."""
    form = ProtectionFilter(request.GET, user=request.user)
    page = page_of(queries.protection_log(request.user, **form.chosen()), request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "export_form": ExportReasonForm(),
        "query": request.GET.urlencode(),
    }
    return render(request, "customers/protection.html", context)


@roles(Role.MANAGER)
@require_http_methods(["POST"])
def export_protection(request):
    """The log as a workbook, for an audit; itself an export with its reason."""
    form, asked = ProtectionFilter(request.GET, user=request.user), ExportReasonForm(request.POST)
    path = actions.export_protection(
        rows=queries.protection_log(request.user, **form.chosen()),
        filters=form.as_facts(),
        by=request.user,
        reason=asked.cleaned_data["reason"] if asked.is_valid() else "",
        now=timezone.now(),
    )
    response = download(path, "data_protection.xlsx")
    path.unlink(missing_ok=True)
    return response
