"""Pages on which staff invite customers to answer by themselves (CAM-7, ISS-6)."""

import uuid

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from customers.models import Customer
from messaging.actions import create_batch, usable_version
from messaging.forms.messages import BatchForm, SingleForm
from messaging.queries.lists import inviting
from messaging.views.batches import counted_by
from surveys.actions import invite
from surveys.models import QuestionnaireVersion

SENDERS = (Role.LEAD, Role.MANAGER)
EDIT = ["GET", "HEAD", "POST"]


class InviteForm(SingleForm):
    """Questionnaire and text of one invitation."""

    version = forms.ModelChoiceField(
        label=gettext_lazy("Questionnaire"), queryset=QuestionnaireVersion.objects.none()
    )
    field_order = ["version", "template"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, texts=inviting(user), **kwargs)
        versions = QuestionnaireVersion.objects.usable().select_related("questionnaire")
        self.fields["version"].queryset = versions.order_by("questionnaire__name", "-number", "id")


@roles(*SENDERS)
@require_http_methods(EDIT)
def invite_batch(request, pk):
    """Invite the customers that filters choose to one version, as a batch."""
    versions = QuestionnaireVersion.objects.usable().select_related("questionnaire")
    version = get_object_or_404(versions, pk=pk)
    texts = inviting(request.user)
    form = BatchForm(posted(request), user=request.user, texts=texts, initial={"client_uuid": uuid.uuid4()})
    counted = {}
    if request.method == "POST" and form.is_valid():
        counted = counted_by(request.user, form)
        values = form.values() | {"filters": form.filters(), "source": f"survey:{version.pk}"}
        if "count" not in request.POST:
            batch = attempt(form, create_batch, **values, by=request.user, now=timezone.now())
            if batch:
                messages.success(request, _("The batch is being prepared."))
                return redirect("messaging:batch", pk=batch.pk)
    context = {"form": form, "version": version, **counted}
    return render(request, "messaging/batch_new.html", context, status=422 if form.errors else 200)


@roles(*SENDERS, Role.COMPLAINT)
@require_http_methods(EDIT)
def invite_one(request):
    """Invite the customer named in the address (``customer=7``), after a call for example."""
    raw = request.GET.get("customer", "")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    customers = Customer.objects.records().visible_to(request.user).select_related("client")
    customer = get_object_or_404(customers, pk=number)
    form = InviteForm(posted(request), user=request.user, initial={"client_uuid": uuid.uuid4()})
    planned = (
        attempt(form, _invite, customer=customer, chosen=form.cleaned_data, by=request.user)
        if form.is_valid()
        else None
    )
    if planned:
        messages.success(request, _("The message is on its way."))
        return redirect("messaging:message", pk=planned.pk)
    context = {"form": form, "customer": customer}
    return render(request, "surveys/invite.html", context, status=422 if form.errors else 200)


def _invite(*, customer, chosen, by):
    return invite(
        version=chosen["version"],
        customer=customer,
        text=usable_version(chosen["template"]),
        key=f"invite:{by.pk}:{chosen['client_uuid']}",
        by=by,
        now=timezone.now(),
        strict=True,
    )[0]
