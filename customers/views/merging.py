"""Pages of duplicates: the pairs that look alike, two records side by side, and undoing a merge (CUS-1)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import roles
from callcenter.forms import posted
from callcenter.paging import page_of
from customers import actions, queries
from customers.forms import MergeForm
from customers.models import Customer, DuplicatePair
from customers.views.archive import WRITERS, with_errors


@roles(*WRITERS)
@require_GET
def duplicates(request):
    """Pairs of customers in scope that look like one, the surest first."""
    page = page_of(queries.duplicate_pairs(request.user), request.GET.get("page"))
    context = {"page": page, "looked_at": queries.duplicates_looked_for()}
    return render(request, "customers/duplicates.html", context)


@roles(*WRITERS)
@require_POST
def dismiss(request, pk):
    """Say that the two are not one customer."""
    pair = get_object_or_404(DuplicatePair.objects.open().visible_to(request.user), pk=pk)
    actions.dismiss_pair(pair=pair, by=request.user, now=timezone.now())
    messages.success(request, _("They stay two customers and are not proposed again."))
    return redirect("customers:duplicates")


@roles(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk, other):
    """Two records side by side; ``pk`` stays, ``other`` becomes part of it."""
    survivor, loser = _both(request.user, pk, other)
    fields = queries.fields_of(survivor.client_id)
    form = MergeForm(posted(request), survivor=survivor, loser=loser, fields=fields)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        actions.merge_customers(
            survivor=survivor,
            loser=loser,
            take=form.taken(),
            versions=form.versions(),
            by=request.user,
            now=timezone.now(),
        )
    except actions.REFUSALS as refused:
        return _page(request, with_errors(form, refused), status=refused.status)
    messages.success(
        request,
        _("The two records are one now. This can be undone for %(days)s days.") % {"days": actions.UNDO_DAYS},
    )
    return redirect("customers:detail", pk=survivor.pk)


def _both(user, pk, other):
    """Both records, if the person reaches both."""
    rows = queries.customer_page(user).filter(merged_into=None, pk__in=[pk, other])
    found = {customer.pk: customer for customer in rows}
    if len(found) < 2:
        raise Http404
    return found[pk], found[other]


def _page(request, form, status):
    context = {"form": form, "survivor": form.survivor, "loser": form.loser, "rows": form.rows()}
    context["counts"] = queries.rows_beside(form.survivor, form.loser)
    return render(request, "customers/merge.html", context, status=status)


@roles(*WRITERS)
@require_POST
def undo(request, pk):
    """Separate two records again."""
    reached = Customer.objects.visible_to(request.user).values("pk")
    found = get_object_or_404(queries.merges().filter(survivor__in=reached, loser__in=reached), pk=pk)
    actions.undo_merge(merge=found, by=request.user, now=timezone.now())
    messages.success(request, _("The merge has been undone; both records are as they were before."))
    return redirect("customers:detail", pk=found.survivor_id)
