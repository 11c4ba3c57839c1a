"""The import's pages: file, columns, preview with archiving counts, then the job (CUS-3, ux.md 5.6)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcenter.access import roles
from callcenter.errors import Refused
from callcenter.paging import page_of
from customers import queries
from customers.actions import imports
from customers.forms import EncodingForm, ImportColumnsForm, ImportFileForm, ReadingForm
from customers.models import Import
from customers.queries.imports import imports_of
from customers.rules.importing import CUSTOM
from customers.views.archive import WRITERS, with_errors

SAMPLE_ROWS = 3


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request):
    """Step 1: the file and whose customers they are; below it the imports of the past."""
    form = ImportFileForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            batch = imports.begin_import(
                upload=values.pop("file"), by=request.user, now=timezone.now(), may_ask=True, **values
            )
        except Refused as refused:
            form = with_errors(form, refused)
        else:
            return redirect("customers:import_columns", pk=batch.pk)
    page = page_of(imports_of(request.user), request.GET.get("page"))
    status = 422 if form.errors else 200
    return render(request, "customers/import.html", {"form": form, "page": page}, status=status)


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request, pk):
    """Step 2: which column is what. Sending it starts the check."""
    batch = get_object_or_404(_imports(request), pk=pk)
    if batch.finished_at or (batch.job and batch.job.is_open):
        return redirect("customers:import_preview", pk=pk)
    if choices := imports.encodings_of(batch):
        return _encoding_page(request, batch, choices)
    sample, refused = _sample(request, batch)
    data = request.POST if request.method == "POST" else None
    saved, mapping = queries.offered_mapping(batch.client, sample.keys)
    form = ImportColumnsForm(
        data,
        keys=sample.keys,
        kind=sample.kind,
        sheets=sample.sheets,
        initial=_initial(batch, mapping, sample.keys),
    )
    if refused is not None:
        form = with_errors(form, refused)
    elif data is not None and "reread" not in data and form.is_valid():
        try:
            _check(request, batch, form)
        except Refused as wrong:
            form = with_errors(form, wrong)
        else:
            return redirect("customers:import_preview", pk=pk)
    return _columns_page(request, batch, form, sample, saved)


def _imports(request):
    return Import.objects.visible_to(request.user).select_related(
        "client", "unit", "team", "owner", "job", "repeat_of"
    )


def _sample(request, batch):
    """The beginning of the file as it is to be read; if it cannot be read so, as it was before, and why not."""
    reading = ReadingForm(request.POST, kind=batch.table.get("kind", "csv")).reading()
    try:
        return imports.sample_of(batch, reading=reading, rows=SAMPLE_ROWS), None
    except Refused as refused:
        if not reading:
            raise
        return imports.sample_of(batch, reading={}, rows=SAMPLE_ROWS), refused


def _check(request, batch, form):
    imports.choose_columns(batch=batch, mapping=form.mapping(), reading=form.reading(), **form.choices())
    imports.start_check(batch=batch, by=request.user, now=timezone.now())


def _initial(batch, mapping, keys):
    chosen = batch.mapping or mapping
    rest = chosen.get("rest", CUSTOM)
    columns = {f"column{place}": chosen["columns"].get(key, rest) for place, key in enumerate(keys)}
    return (
        columns
        | batch.reading
        | {
            "duplicates": batch.duplicates,
            "scope": batch.scope,
            "keep_good": "yes" if batch.keep_good else "no",
        }
    )


def _columns_page(request, batch, form, sample, saved):
    rows = list(zip(form.column_fields(), sample.keys, sample.cells_by_column(), strict=True))
    context = {"batch": batch, "form": form, "columns": rows, "sample": sample, "saved": saved}
    status = 422 if form.is_bound and form.errors and "reread" not in request.POST else 200
    return render(request, "customers/import_columns.html", context, status=status)


def _encoding_page(request, batch, choices):
    """The question before step 2, for a file that could be read in several ways."""
    form = EncodingForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"encoding": choices[0]["encoding"]},
    )
    if form.is_bound and form.is_valid():
        try:
            imports.choose_encoding(batch=batch, encoding=form.cleaned_data["encoding"])
        except Refused as refused:
            form = with_errors(form, refused)
        else:
            return redirect("customers:import_columns", pk=batch.pk)
    context = {"batch": batch, "form": form, "choices": zip(form["encoding"], choices, strict=True)}
    return render(request, "customers/import_encoding.html", context, status=422 if form.errors else 200)


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD"])
def import_preview(request, pk):
    """Step 3 and 4: what the import would do, the first errors, the archiving counts; afterwards what it did."""
    batch = get_object_or_404(_imports(request), pk=pk)
    checked = bool(batch.checked_at and not batch.finished_at and batch.job and not batch.job.is_open)
    context = {
        "batch": batch,
        "job": batch.job,
        "checked": checked,
        "counts": batch.counts if batch.finished_at else batch.counts.get("preview", {}),
        "reasons": queries.reasons(batch) if checked or batch.finished_at else [],
        "errors": queries.first_errors(batch) if checked and batch.owner_id == request.user.pk else [],
        "groups": queries.archiving_counts(batch) if checked else [],
    }
    return render(request, "customers/import_preview.html", context)


@roles(*WRITERS)
@require_POST
def import_start(request, pk):
    """Step 5: import what the preview showed."""
    batch = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    imports.start_import(batch=batch, by=request.user, now=timezone.now())
    return redirect("customers:import_preview", pk=pk)


@roles(*WRITERS)
@require_POST
def import_discard(request, pk):
    """Forget a file that is not to be imported after all."""
    batch = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    imports.discard_import(batch=batch)
    messages.success(request, _("The file and what was read from it have been removed."))
    return redirect("customers:import")
