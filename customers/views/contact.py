"""What is said about contacts on a customer's page: numbers and consent."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import roles
from callcenter.paging import page_of
from customers import actions, queries
from customers.forms import ConsentForm, PhoneStateForm
from customers.models import Customer, Phone
from customers.views.archive import READERS, WRITERS


def phone_or_404(request, pk):
    """A number of a customer in scope."""
    customers = Customer.objects.visible_to(request.user)
    return get_object_or_404(Phone.objects.select_related("customer").filter(customer__in=customers), pk=pk)


def form_page(request, customer, form, title, submit, status=200):
    """The page that asks one thing about a customer."""
    context = {"customer": customer, "form": form, "title": title, "submit": submit}
    status = 422 if form.errors and status == 200 else status
    return render(request, "customers/form.html", context, status=status)


@roles(*WRITERS)
@require_POST
def phone_state(request, pk):
    """Say that a number is vacant, suspended or wrong, or valid again."""
    phone = phone_or_404(request, pk)
    form = PhoneStateForm(request.POST)
    if form.is_valid():
        actions.set_phone_state(customer_id=phone.customer_id, number=phone.number, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("customers:detail", pk=phone.customer_id)


@roles(*WRITERS)
@require_POST
def phone_prefer(request, pk):
    """Dial this number first."""
    phone = phone_or_404(request, pk)
    actions.prefer_phone(phone=phone)
    return redirect("customers:detail", pk=phone.customer_id)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request, pk):
    """Write down what the customer said about being contacted."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    form = ConsentForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, customer, form, _("Record consent"), _("Save"))
    actions.record_consent(customer=customer, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("customers:detail", pk=pk)


@roles(*READERS)
@require_GET
def consents(request, pk):
    """Everything the customer has said about being contacted, with its evidence."""
    customer = get_object_or_404(Customer.objects.records().visible_to(request.user), pk=pk)
    page = page_of(queries.consent_history(customer), request.GET.get("page"))
    context = {"customer": customer, "page": page, "latest": queries.latest_consents(customer)}
    return render(request, "customers/consents.html", context)
