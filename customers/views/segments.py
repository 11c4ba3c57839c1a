"""Pages of segments: the list, the builder with its live count, one segment, its export (CUS-5)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import roles
from callcenter.errors import Conflict, Refused
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from customers import actions
from customers.forms import Builder, ExportForm, SegmentForm
from customers.models import SEGMENT_ROLES, Customer, Segment
from customers.queries import segments as queries
from customers.queries.segments import Choices, Run


@roles(*SEGMENT_ROLES)
@require_GET
def segment_list(request):
    """One's own segments and the shared ones, with the count one last took."""
    page = page_of(queries.segments_of(request.user), request.GET.get("page"))
    return render(request, "customers/segments.html", {"page": page})


@roles(*SEGMENT_ROLES)
@require_http_methods(["GET", "POST"])
def segment_new(request):
    """The builder for a new segment."""
    form = SegmentForm(posted(request), user=request.user)
    if request.method != "POST":
        return _page(
            request, form, Builder(request.user, [{"match": "all", "conditions": [{}]}], request.path)
        )
    return _posted(request, form, actions.create_segment)


@roles(*SEGMENT_ROLES)
@require_http_methods(["GET", "POST"])
def segment_edit(request, pk):
    """The builder for one's own segment; what somebody else changed meanwhile is not written over."""
    found = get_object_or_404(Segment.objects.editable_by(request.user), pk=pk)
    form = SegmentForm(posted(request), instance=found, user=request.user, initial={"version": found.version})
    if request.method != "POST":
        builder = Builder.stored(request.user, found.definition, request.path)
        return _page(request, form, builder, segment=found)
    return _posted(request, form, actions.update_segment, segment=found)


def _posted(request, form, verb, **known):
    """Save, or show the builder again: with a row more or less, with other fields, with the count, or with what is wrong."""
    builder = Builder.posted(request.user, request.POST, request.path)
    saving = request.POST.get("do") == "save"
    if not saving:
        builder.act(request.POST.get("do", ""))
        return _page(request, form, builder, **known)
    definition = builder.read(strict=True)
    if not form.is_valid() or builder.errors:
        return _page(request, form, builder, status=422, **known)
    values = form.values() | known | {"definition": definition, "by": request.user, "now": timezone.now()}
    if known:
        values["version"] = form.cleaned_data["version"] or 0
    try:
        saved = attempt(form, verb, **values)
    except Conflict as conflict:
        return _conflict(request, form, builder, conflict, **known)
    if saved is None:
        return _page(request, form, builder, status=422, **known)
    actions.count_segment(segment=saved, by=request.user, now=timezone.now())
    messages.success(request, _("The segment is saved."))
    return redirect("customers:segment", pk=saved.pk)


def _conflict(request, form, builder, conflict, *, segment):
    """What was typed, now against the version that is stored, whose conditions stand above it in words."""
    stored = Segment.objects.select_related("client").get(pk=segment.pk)
    form.add_error(None, str(conflict.message))
    form.data = form.data.copy()
    form.data["version"] = stored.version
    return _page(
        request, form, builder, status=conflict.status, segment=stored, theirs=_in_words(request, stored)
    )


def _in_words(request, segment):
    """The groups of a segment in words and no fault, or none and what is wrong with them."""
    try:
        definition = queries.definition_of(segment)
    except Refused as refused:
        return [], str(refused.message)
    return queries.descriptions(definition, Choices(request.user)), ""


def _page(request, form, builder, status=200, **extra):
    """The whole page, or of it what htmx asked for: the rows with the result, or the result with the rows' errors."""
    saving = request.POST.get("do") == "save"
    found = builder.read(strict=saving)
    now = timezone.now()
    rows = queries.segment_customers(request.user, found, Run(now, request.user), client=form.client())
    context = {
        "form": form,
        "builder": builder,
        "count": rows.count(),
        "total": _everybody(request).count(),
        "customers": queries.first_customers(rows),
        "action": request.path,
    } | extra
    return render(request, _template(request), context, status=status)


def _everybody(request):
    return Customer.objects.visible_to(request.user).filter(restriction="")


def _template(request):
    if request.htmx and request.htmx.target == "builder":
        return "customers/_segment_rows.html"
    if request.htmx and request.htmx.target == "segment-result":
        return "customers/_segment_live.html"
    return "customers/segment_edit.html"


@roles(*SEGMENT_ROLES)
@require_GET
def segment(request, pk):
    """One segment: its conditions in words, how many customers of one's scope it has now, the first of them."""
    found = get_object_or_404(queries.segment_page(request.user), pk=pk)
    return _segment_page(request, found, ExportForm())


def _segment_page(request, found, form, status=200):
    groups, fault = _in_words(request, found)
    context = {"segment": found, "groups": groups, "fault": fault, "form": form, "count": 0, "customers": []}
    if not fault:
        run = Run(timezone.now(), request.user)
        rows = queries.selected(found, run, Customer.objects.visible_to(request.user))
        context |= {"count": rows.count(), "customers": queries.first_customers(rows)}
    context |= {
        "total": _everybody(request).count(),
        "uses": queries.uses_shown(found, request.user),
        "may_edit": request.user.scope().everything or found.owner_id == request.user.pk,
    }
    return render(request, "customers/segment.html", context, status=status)


@roles(*SEGMENT_ROLES)
@require_POST
def segment_count(request, pk):
    """Count anew; the number and its time are remembered for the person who asked."""
    found = get_object_or_404(queries.segments_of(request.user), pk=pk)
    count, now = None, timezone.now()
    count = actions.count_segment(segment=found, by=request.user, now=now)
    if not request.htmx:
        return redirect("customers:segments")
    found.counted, found.counted_at = count, now
    return render(request, "customers/_segment_count.html", {"segment": found})


@roles(*SEGMENT_ROLES)
@require_POST
def segment_copy(request, pk):
    """A private copy to change."""
    found = get_object_or_404(queries.segment_page(request.user), pk=pk)
    made = actions.copy_segment(segment=found, by=request.user, now=timezone.now())
    messages.success(request, _("This is your own copy now."))
    return redirect("customers:segment_edit", pk=made.pk)


@roles(*SEGMENT_ROLES)
@require_POST
def segment_delete(request, pk):
    """Delete one's own segment unless something uses it."""
    found = get_object_or_404(Segment.objects.editable_by(request.user), pk=pk)
    actions.delete_segment(segment=found, by=request.user, now=timezone.now())
    messages.success(request, _("The segment is deleted."))
    return redirect("customers:segments")


@roles(*SEGMENT_ROLES)
@require_http_methods(["GET", "POST"])
def segment_export(request, pk):
    """Start the file of the segment's customers in one's scope, for a reason."""
    found = get_object_or_404(queries.segment_page(request.user), pk=pk)
    form = ExportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"by": request.user, "now": timezone.now()}
        if job := attempt(form, actions.start_segment_export, segment=found, **values):
            return redirect("job", pk=job.pk)
    return _segment_page(request, found, form, status=422 if form.errors else 200)
