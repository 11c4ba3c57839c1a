"""Churn warnings: the list, one warning, retention tasks in bulk, and the rules (CUS-10)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callbacks.queries.queues import reason_sentence
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.forms import posted
from callcenter.paging import page_of
from complaints.actions import churn as actions
from complaints.forms import churn as forms
from complaints.models import ChurnRule
from complaints.queries import churn as queries

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
LEADERS = (Role.LEAD, Role.MANAGER)


@roles(*READERS)
@require_GET
def warning_list(request):
    """Customers who may leave, with the reasons."""
    form = forms.WarningFilter(request.GET, user=request.user)
    chosen = form.chosen()
    page = page_of(queries.warning_list(request.user, **chosen), request.GET.get("page"))
    leads = request.user.scope().has(*LEADERS)
    context = {
        "page": page,
        "warnings": queries.shown(page),
        "form": form,
        "filtered": len(chosen) > 1,
        "tab": chosen["tab"],
        "tabs": queries.TABS,
        "may_lead": leads,
        "retention": forms.RetentionForm(user=request.user) if leads and chosen["tab"] == "open" else None,
    }
    return render(request, "complaints/warnings.html", context)


@roles(*LEADERS)
@require_POST
def make_tasks(request):
    """Retention tasks for the ticked warnings."""
    form = forms.RetentionForm(request.POST, user=request.user)
    if not form.is_valid():
        texts = " ".join(text for texts in form.errors.values() for text in texts)
        raise Refused(texts, code="invalid", fields=form.errors)
    chosen = form.cleaned_data
    made = actions.make_retention_tasks(
        chosen["warning"], campaign=chosen["campaign"], by=request.user, now=timezone.now()
    )
    count = made.made
    text = ngettext("%(count)s retention task is planned.", "%(count)s retention tasks are planned.", count)
    messages.success(request, text % {"count": count})
    if made.already:
        text = ngettext(
            "%(count)s customer has one already.", "%(count)s customers have one already.", made.already
        )
        messages.info(request, text % {"count": made.already})
    for code, number in sorted(made.refused.items()):
        why = _("of another client") if code == "other_client" else reason_sentence(code)
        messages.warning(request, _("No task for %(count)s: %(why)s") % {"count": number, "why": why})
    return redirect("complaints:warnings")


@roles(*READERS)
@require_GET
def detail(request, pk):
    """One warning with its history and how it may end."""
    return _page(request, get_object_or_404(queries.warning_page(request.user), pk=pk))


def _page(request, warning, status=200, **bound):
    led = warning.state in queries.UNSETTLED and queries.is_led_by(warning, request.user)
    context = {
        "warning": warning,
        "reasons": queries.shown([warning])[0].reasons,
        "steps": queries.warning_history(warning),
        "verbs": [(verb, bound.get(verb) or _form(verb)) for verb in actions.WARNING_VERBS] if led else [],
    }
    return render(request, "complaints/warning.html", context, status=status)


def _form(verb, data=None):
    return forms.SettleForm(data, auto_id=f"id_{verb}_%s")


@roles(*LEADERS)
@require_POST
def settle(request, pk, verb):
    """Dismiss a warning, or say how it ended."""
    warning = get_object_or_404(queries.warning_page(request.user), pk=pk)
    if verb not in actions.WARNING_VERBS or not queries.is_led_by(warning, request.user):
        raise Http404
    form = _form(verb, request.POST)
    if not form.is_valid():
        return _page(request, warning, status=422, **{verb: form})
    to = actions.WARNING_VERBS[verb]
    actions.settle_warning(
        warning=warning, to=to, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("Saved."))
    return redirect("complaints:warning", pk=pk)


@roles(*LEADERS)
@require_POST
def look_now(request):
    """Apply the rules now, as a job with progress."""
    job = actions.look_now(by=request.user, now=timezone.now())
    return redirect("job", pk=job.pk)


@roles(*READERS)
@require_GET
def rule_list(request):
    """The rules and what each looks for."""
    may_change = request.user.scope().has(Role.MANAGER)
    context = {"page": page_of(queries.churn_rules(request.user), request.GET.get("page"))}
    return render(request, "complaints/churn_rules.html", context | {"may_change": may_change})


@roles(Role.MANAGER)
@require_POST
def usual_rules(request):
    """Add the rules that most centres begin with."""
    actions.add_usual_rules()
    messages.success(request, _("Saved."))
    return redirect("complaints:churn_rules")


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request):
    """A further rule."""
    return _rule_page(request, None)


@roles(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request, pk):
    """Change a rule, or set it out of use."""
    return _rule_page(request, get_object_or_404(ChurnRule.objects.visible_to(request.user), pk=pk))


def _rule_page(request, rule):
    form = forms.ChurnRuleForm(posted(request), instance=rule)
    if form.is_bound and form.is_valid():
        actions.save_rule(rule=form.instance)
        messages.success(request, _("Saved. The rule counts from the next look on."))
        return redirect("complaints:churn_rules")
    status = 422 if form.errors else 200
    return render(request, "complaints/churn_rule.html", {"form": form, "rule": rule}, status=status)
