"""Tasks as a list and one by one, and what a lead does with them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from callbacks.actions import apply_policies_of, run_verb
from callbacks.forms import TaskFilter, TaskVerbForm
from callbacks.models import Task
from callbacks.queries import (
    lists,
    permission_of,
    questionnaire_of,
    queue_status,
    reason_text,
    with_context,
)
from callbacks.queries.deliveries import delivery_of
from callbacks.rules.rank import parts_of
from callbacks.states import ANSWERED, BY_HAND, OPEN
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.paging import page_of
from campaigns.models import Campaign
from customers.models import Customer

LEADERS = (Role.LEAD, Role.MANAGER)
TASKS_SHOWN = 20


@roles(Role.AGENT, *LEADERS)
@require_GET
def task_list(request):
    form = TaskFilter(request.GET or None, user=request.user)
    page = page_of(lists.tasks(request.user, **form.chosen()), request.GET.get("page"))
    leads = request.user.scope().has(*LEADERS)
    verbs = TaskVerbForm(user=request.user) if leads else None
    return render(
        request, "callbacks/tasks.html", {"form": form, "page": page, "verbs": verbs, "now": timezone.now()}
    )


@roles(Role.AGENT, *LEADERS)
@require_GET
def task_detail(request, pk):
    """One task with its history, its calls, and whether it may be called now."""
    task = get_object_or_404(
        with_context(Task.objects.visible_to(request.user)).select_related("script__script"), pk=pk
    )
    now = timezone.now()
    decision = permission_of(task, now=now) if task.state in OPEN else None
    delivery = delivery_of(task) if task.channel in BY_HAND else None
    context = {
        "task": task,
        "decision": decision,
        "reasons": [reason_text(reason) for reason in decision.reasons] if decision else [],
        "rank": parts_of(task.rank),
        "delivery": delivery,
        "paper": delivery is not None and delivery.state in ANSWERED and questionnaire_of(task) is not None,
        "steps": lists.history(task),
        "calls": task.calls.filter(superseded=False)
        .select_related("disposition", "agent", "recording")
        .order_by("id"),
        "verbs": TaskVerbForm(user=request.user)
        if lists.tasks_led_by(request.user).filter(pk=pk).exists()
        else None,
        "now": now,
    }
    return render(request, "callbacks/task.html", context)


@roles(*LEADERS)
@require_POST
def task_verb(request):
    """Reserve, free, move, lift or cancel the ticked tasks; the others of the list stay as they are."""
    form = TaskVerbForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Refused(
            " ".join(text for texts in form.errors.values() for text in texts),
            code="invalid",
            fields=form.errors,
        )
    rows = lists.tasks_led_by(request.user).filter(pk__in=form.cleaned_data.pop("task"))
    done = run_verb(rows, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(
        request, ngettext("%(count)s task changed.", "%(count)s tasks changed.", done) % {"count": done}
    )
    return redirect("callbacks:tasks")


@roles(*LEADERS, Role.CLIENT)
@require_GET
def campaign_status(request, pk):
    """What waits in a campaign and why (fragment of the campaign's page)."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    status = queue_status(campaign=campaign, now=timezone.now())
    context = {"campaign": campaign, "status": status, "may_apply": request.user.scope().has(*LEADERS)}
    return render(request, "callbacks/_campaign_status.html", context)


@roles(*LEADERS)
@require_POST
def apply_policies(request, pk):
    """Apply the policies of a campaign now, as a job with progress."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    job = apply_policies_of(campaign=campaign, by=request.user, now=timezone.now())
    messages.info(request, _("The policies are being applied."))
    return redirect("job", pk=job.pk)


@roles(*LEADERS, Role.COMPLAINT, Role.QA, Role.QA_SUPERVISOR)
@require_GET
def customer_tasks(request, pk):
    """A customer's open tasks (fragment of the customer's page)."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    tasks = lists.customer_tasks(request.user, customer)[:TASKS_SHOWN]
    linked = request.user.scope().has(*LEADERS)
    return render(request, "callbacks/_customer_tasks.html", {"tasks": tasks, "linked": linked})
