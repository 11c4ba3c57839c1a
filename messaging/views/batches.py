"""Pages of batches: one text to many (CB-9)."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from messaging import actions
from messaging.forms.messages import BatchForm
from messaging.models import Batch
from messaging.queries import lists
from messaging.queries.audience import audience, plain, with_address
from messaging.states import BATCH_MOVES, BatchState

WRITERS = (Role.LEAD, Role.MANAGER)
# What leads from a state, in the order of the buttons.
VERBS = {"pause": BatchState.PAUSED, "resume": BatchState.RUNNING, "cancel": BatchState.CANCELLED}


def _batch(request, pk):
    rows = Batch.objects.visible_to(request.user).select_related("version__template", "created_by", "job")
    return get_object_or_404(rows, pk=pk)


@roles(*WRITERS)
@require_GET
def batch_list(request):
    page = page_of(lists.batches(request.user), request.GET.get("page"))
    return render(request, "messaging/batches.html", {"page": page})


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request):
    """Choose text and customers, look how many they are, send."""
    form = BatchForm(posted(request), user=request.user, initial={"client_uuid": uuid.uuid4()})
    counted = {}
    if request.method == "POST" and form.is_valid():
        counted = counted_by(request.user, form)
        if "count" not in request.POST and (batch := _created(request, form)):
            messages.success(request, _("The batch is being prepared."))
            return redirect("messaging:batch", pk=batch.pk)
    context = {"form": form, **counted}
    return render(request, "messaging/batch_new.html", context, status=422 if form.errors else 200)


def _created(request, form):
    who = {"by": request.user, "now": timezone.now()}
    return attempt(form, actions.create_batch, **form.values(), filters=form.filters(), **who)


def counted_by(user, form):
    """How many customers the filters choose, and how many of them have an address for the text."""
    people = audience(user, plain(form.filters()))
    template = form.cleaned_data.get("template")
    return {
        "chosen": people.order_by().count(),
        "reached": with_address(people, template.channel).order_by().count() if template else None,
    }


@roles(*WRITERS)
@require_POST
def batch_count(request):
    """The fragment with the numbers, while filters are chosen. Without a name or a text yet it counts all the same."""
    form = BatchForm(request.POST, user=request.user, texts=lists.approved(request.user))
    form.is_valid()
    wrong = set(form.errors) - {"name", "template", "client_uuid", "starts_at"}
    return render(request, "messaging/_count.html", {} if wrong else counted_by(request.user, form))


@roles(*WRITERS)
@require_GET
def batch_detail(request, pk):
    """One batch; HTMX asks the same address for its progress."""
    batch = _batch(request, pk)
    moves = BATCH_MOVES[BatchState(batch.state)]
    context = {
        "batch": batch,
        "counts": lists.batch_counts(batch),
        "verbs": [verb for verb, to in VERBS.items() if to in moves and _fits(verb, batch)],
        "going": batch.state in (BatchState.PREPARING, BatchState.RUNNING),
        "steps": lists.history(batch),
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "messaging/_batch.html" if fragment else "messaging/batch.html", context)


def _fits(verb, batch):
    return verb != "resume" or batch.state == BatchState.PAUSED


@roles(*WRITERS)
@require_POST
def batch_verb(request, pk, verb):
    """Pause, resume or cancel."""
    if verb not in actions.BATCH_VERBS:
        raise Http404
    actions.BATCH_VERBS[verb](batch=_batch(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("messaging:batch", pk=pk)
