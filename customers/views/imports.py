"""The import's pages: file, columns, preview with archiving counts, then the job (CUS-3, ux.md 5.6)."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from callcenter.access import roles
from callcenter.errors import Refused
from callcenter.paging import page_of
from customers import queries
from customers.actions import imports
from customers.forms import ImportColumnsForm, ImportFileForm
from customers.models import Import
from customers.queries.imports import imports_of
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
                upload=values.pop("file"), by=request.user, now=timezone.now(), **values
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
    batch = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    if batch.finished_at:
        return redirect("customers:import_preview", pk=pk)
    sample = imports.sample_of(batch, reading=_posted_reading(request), rows=SAMPLE_ROWS)
    form = ImportColumnsForm(
        request.POST if request.method == "POST" else None,
        keys=sample.keys,
        kind=sample.kind,
        initial=_initial(batch, queries.guessed_mapping(batch.client, sample.keys), sample.keys),
    )
    if request.method != "POST" or "reread" in request.POST or not form.is_valid():
        return _columns_page(request, batch, form, sample)
    try:
        _check(request, batch, form)
    except Refused as refused:
        return _columns_page(request, batch, with_errors(form, refused), sample)
    return redirect("customers:import_preview", pk=pk)


def _check(request, batch, form):
    names = ("duplicates", "keep_good", "save_as")
    choices = {name: form.cleaned_data[name] for name in names}
    imports.choose_columns(batch=batch, mapping=form.mapping(), reading=form.reading(), **choices)
    imports.start_check(batch=batch, by=request.user, now=timezone.now())


def _posted_reading(request):
    """How to read the file for the sample, from what may be nonsense: only the parts that make sense."""
    form = ImportColumnsForm(request.POST)
    names = ("sheet", "header_row", "encoding")
    found = {
        name: form.fields[name].clean(request.POST.get(name, ""))
        for name in names
        if _makes_sense(form, name)
    }
    return {name: value for name, value in found.items() if value}


def _makes_sense(form, name):
    form.is_valid()
    return name in form.fields and name not in form.errors


def _initial(batch, mapping, keys):
    chosen = batch.mapping or mapping
    columns = {f"column{place}": chosen["columns"].get(key, "custom") for place, key in enumerate(keys)}
    return columns | batch.reading | {"duplicates": batch.duplicates, "keep_good": batch.keep_good}


def _columns_page(request, batch, form, sample):
    rows = list(zip(form.column_fields(), sample.keys, sample.cells_by_column(), strict=True))
    context = {"batch": batch, "form": form, "columns": rows, "sample": sample}
    status = 422 if request.method == "POST" and form.errors and "reread" not in request.POST else 200
    return render(request, "customers/import_columns.html", context, status=status)


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD"])
def import_preview(request, pk):
    """Step 3 and 4: what the import would do, the first errors, the archiving counts; afterwards what it did."""
    batch = get_object_or_404(
        Import.objects.visible_to(request.user).select_related("client", "unit", "team", "job", "repeat_of"),
        pk=pk,
    )
    checked = bool(batch.checked_at and not batch.finished_at and batch.job and not batch.job.is_open)
    context = {
        "batch": batch,
        "job": batch.job,
        "checked": checked,
        "counts": batch.counts if batch.finished_at else batch.counts.get("preview", {}),
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
