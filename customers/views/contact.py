"""What is said about contacts on a customer's page: numbers, consent, do-not-call, and showing a whole number."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcenter.access import Role, roles
from customers import actions
from customers.forms import BlockForm, ConsentForm, EraseForm, PhoneStateForm, RevealForm, UnblockForm
from customers.models import BlacklistEntry, Consent, Customer, Phone
from customers.views.archive import READERS, WRITERS


def _phone_or_404(request, pk):
    customers = Customer.objects.visible_to(request.user)
    return get_object_or_404(Phone.objects.select_related("customer").filter(customer__in=customers), pk=pk)


def _form_page(request, customer, form, title, submit, status=200):
    context = {"customer": customer, "form": form, "title": title, "submit": submit}
    return render(request, "customers/form.html", context, status=422 if form.errors else status)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request, pk):
    """The whole number for a reason, shown once on this page; every showing is one row of the access log."""
    phone = _phone_or_404(request, pk)
    form = RevealForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, phone.customer, form, _("See the whole number"), _("Show the number"))
    number = actions.reveal_phone(
        phone=phone, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now(), request=request
    )
    context = {"customer": phone.customer, "phone": phone, "number": number}
    response = render(request, "customers/revealed.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@roles(*WRITERS)
@require_POST
def phone_state(request, pk):
    """Say that a number is vacant, suspended or wrong, or valid again."""
    phone = _phone_or_404(request, pk)
    form = PhoneStateForm(request.POST)
    if form.is_valid():
        actions.set_phone_state(customer_id=phone.customer_id, number=phone.number, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("customers:detail", pk=phone.customer_id)


@roles(*WRITERS)
@require_POST
def phone_prefer(request, pk):
    """Dial this number first."""
    phone = _phone_or_404(request, pk)
    actions.prefer_phone(phone=phone)
    return redirect("customers:detail", pk=phone.customer_id)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request, pk):
    """Write down what the customer said about being contacted."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    form = ConsentForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, customer, form, _("Record consent"), _("Save"))
    values = dict(form.cleaned_data)
    granted = values.pop("state") == Consent.State.GRANTED
    verb = actions.grant_consent if granted else actions.withdraw_consent
    verb(customer=customer, by=request.user, now=timezone.now(), **values)
    messages.success(request, _("Saved."))
    return redirect("customers:detail", pk=pk)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def block(request, pk):
    """Put a customer on the do-not-call list."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    form = BlockForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(
            request, customer, form, _("Put on the do-not-call list"), _("Do not call any more")
        )
    actions.block(customer=customer, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The customer is on the do-not-call list."))
    return redirect("customers:detail", pk=pk)


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def unblock(request, pk):
    """End a do-not-call entry about a customer in scope."""
    customers = Customer.objects.visible_to(request.user)
    entries = BlacklistEntry.objects.in_force(timezone.now()).filter(customer__in=customers)
    entry = get_object_or_404(entries.select_related("customer"), pk=pk)
    form = UnblockForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, entry.customer, form, _("End the do-not-call entry"), _("End the entry"))
    actions.unblock(entry=entry, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The entry has ended."))
    return redirect("customers:detail", pk=entry.customer_id)


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, pk):
    """Erase a customer's personal data for good."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    form = EraseForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, customer, form, _("Erase personal data"), _("Erase for good"))
    actions.erase_customer(
        customer=customer, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
    )
    messages.success(request, _("The personal data have been erased."))
    return redirect("customers:detail", pk=pk)
