"""The demo's promises whose windows have ended: renewals, of which half was promised and kept, and accidents, a promise broken.

Everything is what the policies and the agents would have left behind: events, tasks drawn by the policy at the time, the calls
made for them, and how each task ended.
"""

from datetime import timedelta

from callbacks.actions import apply_policy
from callbacks.actions.accounts import recount_accounts
from callbacks.models import Call, Task, TaskStep
from callbacks.states import TaskState
from campaigns.models import Disposition, Policy
from customers.models import Customer, ServiceEvent
from people.models import User

# event, first and last day back on which it happened, how many, when the policy was applied, what became of the tasks in turn:
# the results of the calls, and how long after the task was due each was made.
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DONE, LATE, TRIED, MISSED = "done", "late", "tried", "missed"
STORIES = (
    ("policy_renewed", 26, 17, 60, (16,), (DONE,)),
    (
        "accident",
        25,
        7,
        40,
        range(24, 5, -1),
        (DONE, DONE, DONE, TRIED, DONE, DONE, LATE, DONE, MISSED, DONE),
    ),
)


def load_promises(campaign, make_call, now, rng) -> None:
    """Make both stories, once; ``make_call`` is the demo's maker of calls."""
    if ServiceEvent.objects.filter(client=campaign.client, kind="accident").exists():
        return
    people = list(
        Customer.objects.filter(client=campaign.client, external_id__startswith=f"{campaign.client.code}L")
        .order_by("id")
        .prefetch_related("phones")
    )
    chosen = iter(rng.sample(people, min(len(people), sum(story[3] for story in STORIES))))
    for kind, first, last, how_many, applied, fates in STORIES:
        policy = Policy.objects.filter(campaign=campaign, event_kind=kind).first()
        if policy is None:
            continue
        _events(
            campaign.client,
            kind,
            [c for c, _n in zip(chosen, range(how_many), strict=False)],
            first,
            last,
            now,
        )
        for back in applied:
            apply_policy(policy=policy, now=now - back * DAY, full=True)
        Policy.objects.filter(pk=policy.pk).update(applied_through=None)
        _work(policy, fates, make_call, rng)


def _events(client, kind, customers, first, last, now):
    step = (first - last) * DAY / max(1, len(customers))
    ServiceEvent.objects.bulk_create(
        ServiceEvent(
            client=client,
            customer=customer,
            kind=kind,
            occurred_at=now - first * DAY + place * step,
            external_id=f"{kind[:3].upper()}{place:05}",
            facts={},
            created_at=now - first * DAY + place * step,
        )
        for place, customer in enumerate(customers)
    )


def _work(policy, fates, make_call, rng):
    """Give each task its calls and its end, in turn."""
    results = {code: Disposition.objects.get(code=code) for code in ("DONE", "NA", "EXH", "CANCEL")}
    agents = {}
    tasks = Task.objects.filter(policy=policy).select_related("account", "customer", "queue")
    tasks = list(tasks.prefetch_related("customer__phones").order_by("id"))
    calls, steps = [], []
    for place, task in enumerate(tasks):
        team = task.queue.team_id
        if team not in agents:
            agents[team] = list(
                User.objects.filter(memberships__role="agent", memberships__team=team).order_by("id")
            )
        fate, agent = fates[place % len(fates)], rng.choice(agents[team])
        for code, at in _attempts(fate, task, rng):
            talk = (50, 95) if results[code].connected else None
            call = make_call(task.account, task.customer, agent, team, at, results[code], talk, rng)
            call.task = task
            calls.append(call)
        _end(task, fate, agent, [call for call in calls if call.task is task], results)
        steps.append(
            TaskStep(
                case=task,
                from_state=TaskState.WRAP_UP if task.state == TaskState.DONE else TaskState.PLANNED,
                to_state=task.state,
                at=task.closed_at,
                by=agent if task.state == TaskState.DONE else None,
            )
        )
    columns = ["state", "closed_at", "agent", "attempts", "disposition", "blocked_by"]
    Task.objects.bulk_update(tasks, columns, batch_size=500)
    Call.objects.bulk_create(calls, batch_size=500)
    TaskStep.objects.bulk_create(steps, batch_size=500)
    recount_accounts({task.account_id for task in tasks})


def _attempts(fate, task, rng):
    """(result, when) of the calls of one task, spread over its window."""
    day = task.due_at.replace(hour=2, minute=rng.randrange(60))
    begun = day if day > task.due_at else day + DAY
    if fate == DONE:
        return [("DONE", begun)]
    if fate == LATE:
        return [("NA", begun), ("DONE", task.deadline + 20 * HOUR)]
    return [("NA", begun), ("NA", begun + 4 * HOUR)] if fate == TRIED else []


def _end(task, fate, agent, calls, results):
    task.attempts = len(calls)
    task.agent = agent if calls else None
    if fate in (DONE, LATE):
        task.state, task.disposition, task.closed_at = TaskState.DONE, results["DONE"], calls[-1].ended_at
    else:
        task.state, task.disposition, task.closed_at = TaskState.CANCELLED, results["CANCEL"], task.deadline
        task.blocked_by = ["window_over"]
