"""Pages of the texts: the list, writing with a live preview, approval (CB-9)."""

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
from messaging.forms.texts import LANGUAGES, TemplateForm, VersionForm
from messaging.models import Template, TemplateVersion
from messaging.queries import lists
from messaging.queries.rendering import SAMPLE_LINK, fill
from messaging.rules.fields import FIELDS
from messaging.states import VersionState

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
WRITERS = (Role.LEAD, Role.MANAGER)
EDIT = ["GET", "HEAD", "POST"]
VERBS = {"approve": actions.approve_version, "retire": actions.retire_version}


def _template(request, pk):
    return get_object_or_404(Template.objects.visible_to(request.user), pk=pk)


def _version(request, pk):
    rows = TemplateVersion.objects.visible_to(request.user).select_related(
        "template", "created_by", "approved_by"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*READERS)
@require_GET
def template_list(request):
    page = page_of(lists.templates(request.user), request.GET.get("page"))
    context = {"page": page, "may_write": request.user.scope().has(*WRITERS)}
    return render(request, "messaging/templates.html", context)


@roles(*WRITERS)
@require_http_methods(EDIT)
def template_new(request):
    form = TemplateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        template = attempt(
            form, actions.create_template, **form.values(), by=request.user, now=timezone.now()
        )
        if template:
            return redirect("messaging:version_edit", pk=template.pk)
    status = 422 if form.errors else 200
    return render(request, "messaging/template_new.html", {"form": form}, status=status)


@roles(*WRITERS)
@require_http_methods(EDIT)
def version_edit(request, pk):
    """The draft of a template; it starts with the newest text."""
    template = _template(request, pk)
    newest = template.versions.order_by("-number", "-id").first()
    initial = VersionForm.initial_of(newest) if newest else None
    form = VersionForm(posted(request), template=template, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"template": template, "by": request.user, "now": timezone.now()}
        if saved := attempt(form, actions.save_version, **values):
            messages.success(request, _("Saved as a draft. A second person approves it."))
            return redirect("messaging:version", pk=saved.pk)
    context = {
        "form": form,
        "template": template,
        "fields": FIELDS,
        "customers": lists.preview_customers(request.user),
        **_shown(request, template, _texts_of(form), request.POST.get("customer")),
    }
    return render(request, "messaging/version_edit.html", context, status=422 if form.errors else 200)


def _texts_of(form):
    """Subjects and bodies as the form shows them, right or wrong."""
    found = {"subject": {}, "body": {}}
    for name in found:
        for code, _label in LANGUAGES:
            if f"{name}_{code}" in form.fields:
                text = str(form[f"{name}_{code}"].value() or "")[:10_000]
                found[name][code] = text.strip()
    return found["subject"], found["body"]


def _shown(request, template, texts, raw_customer):
    """The text in every language as a customer in scope receives it, with its cost."""
    customers = lists.preview_customers(request.user)
    customer = next((one for one in customers if str(one.pk) == str(raw_customer)), None)
    customer = customer or next(iter(customers), None) or lists.sample_customer()
    subjects, bodies = texts
    shown = []
    for code, label in LANGUAGES:
        if bodies.get(code):
            rendered = fill(
                {code: subjects.get(code, "")},
                {code: bodies[code]},
                channel=template.channel,
                customer=customer,
                now=timezone.now(),
                link=SAMPLE_LINK if template.invites else "",
            )
            shown.append({"language": label, "code": code, "text": rendered})
    return {"shown": shown, "customer": customer, "sms": template.channel == "sms"}


@roles(*WRITERS)
@require_POST
def preview(request, pk):
    """The fragment beside the form, while it is typed into."""
    template = _template(request, pk)
    form = VersionForm(request.POST, template=template)
    context = _shown(request, template, _texts_of(form), request.POST.get("customer"))
    return render(request, "messaging/_preview.html", context)


@roles(*READERS)
@require_GET
def version(request, pk):
    """A text as it is received, and its approval."""
    found = _version(request, pk)
    may_write = request.user.scope().has(*WRITERS)
    context = {
        "version": found,
        "versions": found.template.versions.order_by("-number", "-id"),
        "steps": lists.history(found),
        "customers": lists.preview_customers(request.user),
        "may_write": may_write,
        "may_approve": may_write
        and found.state == VersionState.DRAFT
        and found.created_by_id != request.user.pk,
        "may_retire": may_write and found.state == VersionState.APPROVED,
        "own_draft": found.state == VersionState.DRAFT and found.created_by_id == request.user.pk,
        **_shown(request, found.template, (found.subjects, found.bodies), request.GET.get("customer")),
    }
    return render(request, "messaging/version.html", context)


@roles(*WRITERS)
@require_POST
def version_verb(request, pk, verb):
    """Approve a draft as the second person, or take a text out of use."""
    if verb not in VERBS:
        raise Http404
    VERBS[verb](version=_version(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("messaging:version", pk=pk)
