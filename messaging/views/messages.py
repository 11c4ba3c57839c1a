"""Pages of messages: the list, one message, sending one, the local outbox, letters (CB-9)."""

import uuid

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from customers.models import Customer
from messaging import actions
from messaging.forms.messages import AnswerForm, MessageFilter, PostedForm, SingleForm
from messaging.gateways import gateway_name
from messaging.models import Message
from messaging.queries import lists
from messaging.queries.rendering import render as rendered
from messaging.states import MESSAGE_MOVES, MessageState

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
WRITERS = (Role.LEAD, Role.MANAGER)
LETTERS = 50
VERBS = {
    "again": (actions.send_again, MessageState.QUEUED),
    "cancel": (actions.cancel_message, MessageState.CANCELLED),
}


def _message(request, pk):
    rows = Message.objects.visible_to(request.user).select_related(
        "customer", "version__template", "batch", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


def has_outbox() -> bool:
    """Whether any channel keeps its messages on this machine."""
    return "outbox" in {gateway_name("sms"), gateway_name("email")}


@roles(*READERS)
@require_GET
def message_list(request):
    form = MessageFilter(request.GET)
    page = page_of(lists.messages(request.user, **form.chosen()), request.GET.get("page"))
    context = {"page": page, "form": form, "may_write": request.user.scope().has(*WRITERS)}
    return render(request, "messaging/list.html", context | {"has_outbox": has_outbox()})


@roles(*READERS)
@require_GET
def message(request, pk):
    """One message: what the customer received, how it got there, and what came back."""
    found = _message(request, pk)
    context = {
        "message": found,
        "reasons": lists.blocked_sentences(found),
        "steps": lists.history(found),
        "replies": found.replies.order_by("received_at", "id"),
        "verbs": [
            verb for verb, (_action, to) in VERBS.items() if to in MESSAGE_MOVES[MessageState(found.state)]
        ],
    }
    return render(request, "messaging/message.html", context)


@roles(*READERS)
@require_POST
def message_verb(request, pk, verb):
    """Send again what did not arrive, or take back what has not gone out."""
    if verb not in VERBS:
        raise Http404
    VERBS[verb][0](message=_message(request, pk), by=request.user, now=timezone.now())
    notes.success(request, _("Saved."))
    return redirect("messaging:message", pk=pk)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def single(request):
    """One approved text to the customer named in the address (``customer=7``)."""
    raw = request.GET.get("customer", "")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    customers = Customer.objects.records().visible_to(request.user).select_related("client")
    customer = get_object_or_404(customers, pk=number)
    form = SingleForm(posted(request), user=request.user, initial={"client_uuid": uuid.uuid4()})
    planned = _planned(request, customer, form) if request.method == "POST" and form.is_valid() else None
    if planned:
        notes.success(request, _("The message is on its way."))
        return redirect("messaging:message", pk=planned.pk)
    context = {"form": form, "customer": customer, "texts": _readable(request.user, customer)}
    return render(request, "messaging/single.html", context, status=422 if form.errors else 200)


def _planned(request, customer, form):
    made = attempt(
        form,
        _plan,
        customer=customer,
        template=form.cleaned_data["template"],
        key=f"page:{request.user.pk}:{form.cleaned_data['client_uuid']}",
        by=request.user,
        now=timezone.now(),
    )
    return made[0] if made else None


def _plan(*, template, **values):
    return actions.plan_message(version=actions.usable_version(template), strict=True, **values)


def _readable(user, customer):
    """Every text that can be sent, as this customer would receive it; two queries."""
    now, found = timezone.now(), []
    for template in lists.sendable(user).prefetch_related("versions"):
        version = next(one for one in template.versions.all() if one.state == "approved")
        version.template = template
        found.append({"template": template, "text": rendered(version, customer=customer, now=now)})
    return found


@roles(*WRITERS)
@require_GET
def outbox(request):
    """The local gateway: read what was sent, answer as the customer would."""
    if not has_outbox():
        raise Http404
    page = page_of(lists.outbox(request.user), request.GET.get("page"), size=20)
    return render(request, "messaging/outbox.html", {"page": page, "form": AnswerForm()})


@roles(*WRITERS)
@require_POST
def outbox_answer(request, pk):
    """An answer typed on the page of the local gateway goes the way of every reply."""
    found = _message(request, pk)
    form = AnswerForm(request.POST)
    if found.gateway != "outbox" or not has_outbox():
        raise Http404
    if not form.is_valid():
        raise Refused(_("Write an answer first."), code="no_text")
    actions.take_event(
        key=f"outbox:{uuid.uuid4()}",
        kind="reply",
        channel=found.channel,
        payload={"from": found.recipient, "text": form.cleaned_data["text"], "answers": found.gateway_id},
        now=timezone.now(),
    )
    notes.success(request, _("The answer was received."))
    return redirect("messaging:outbox")


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request):
    """Letters to print and post. Posting asks once more whether the customer may be written to."""
    now = timezone.now()
    waiting = list(lists.letters(request.user, now=now)[: LETTERS + 1])
    if request.method == "POST":
        form = PostedForm(request.POST, letters=waiting[:LETTERS])
        done = [actions.post_letter(message=letter, by=request.user, now=now) for letter in form.chosen()]
        count = sum(letter.state == MessageState.SENT for letter in done)
        notes.success(
            request,
            ngettext("%(count)s letter posted.", "%(count)s letters posted.", count) % {"count": count},
        )
        return redirect("messaging:letters")
    context = {"letters": waiting[:LETTERS], "more": len(waiting) > LETTERS}
    return render(request, "messaging/letters.html", context)


@roles(*READERS)
@require_GET
def customer_messages(request, pk):
    """Fragment for the customer's page: what was sent and what came back."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    entries = lists.customer_messages(request.user, customer)
    return render(request, "messaging/_customer_messages.html", {"customer": customer, "entries": entries})
