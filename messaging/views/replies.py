"""Pages of replies: what customers have answered and nobody has read yet (CB-9)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from messaging import actions
from messaging.forms.messages import HandleForm
from messaging.models import Reply
from messaging.queries import lists
from messaging.states import ReplyState

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
TABS = ("new", "unmatched", "handled")


@roles(*READERS)
@require_GET
def reply_list(request):
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "new"
    rows = lists.replies(request.user, handled=tab == "handled", unmatched=tab == "unmatched")
    page = page_of(rows, request.GET.get("page"))
    return render(request, "messaging/replies.html", {"page": page, "tab": tab})


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reply_detail(request, pk):
    """One reply, what it answers, and the form that ends it."""
    rows = Reply.objects.visible_to(request.user).select_related("customer", "message__version__template")
    reply = get_object_or_404(rows, pk=pk)
    form = HandleForm(posted(request), user=request.user, reply=reply)
    if request.method == "POST" and form.is_valid():
        values = {"reply": reply, "by": request.user, "now": timezone.now()}
        if attempt(form, actions.handle_reply, **values, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("messaging:replies")
    context = {
        "reply": reply,
        "form": form if reply.state == ReplyState.NEW else None,
        "steps": lists.history(reply),
    }
    return render(request, "messaging/reply.html", context, status=422 if form.errors else 200)
