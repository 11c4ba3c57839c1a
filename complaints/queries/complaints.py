"""Reads about complaints: the lists, one complaint's file, the stepper."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, ComplaintNote
from complaints.queries.issues import Entry
from complaints.rules.procedure import approval_obstacle
from complaints.states import COMPLAINT_MOVES, ComplaintState
from customers.models import BlacklistEntry

State = ComplaintState
TABS = {
    "open": gettext_lazy("Open"),
    "mine": gettext_lazy("Mine"),
    "approval": gettext_lazy("Waiting for approval"),
    "callback": gettext_lazy("Waiting for callback"),
    "overdue": gettext_lazy("Overdue"),
    "archived": gettext_lazy("Archived"),
}


def complaint_list(*, user, tab, now, text="") -> QuerySet[Complaint]:
    """Complaints in the person's scope: open ones by deadline, archived ones newest first.

    ``text`` is a number ("C12", "C12-2") or the beginning of a customer's name.
    """
    conditions = {
        "mine": Q(handler=user) & ~Q(state=State.ARCHIVED),
        "approval": Q(state=State.PROPOSED),
        "callback": Q(state__in=[State.CARRIED_OUT, State.UNFOUNDED]),
        "overdue": Q(deadline__lte=now, paused_at=None) & ~Q(state=State.ARCHIVED),
        "archived": Q(state=State.ARCHIVED),
    }
    rows = Complaint.objects.visible_to(user).filter(conditions.get(tab, ~Q(state=State.ARCHIVED)))
    if text:
        number = text.upper().lstrip("C").partition("-")[0]
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q()
        rows = rows.filter(by_number | Q(customer__name__startswith=text))
    rows = rows.select_related("customer", "department", "handler", "team")
    return rows.order_by("-id") if tab == "archived" else rows.order_by("deadline", "id")


@dataclass(frozen=True)
class Stage:
    """One stage of the stepper; ``mark`` is done, current or ahead."""

    label: str
    mark: str


STAGES = (
    (gettext_lazy("Registered"), {State.REGISTERED}),
    (gettext_lazy("Acknowledged"), {State.ACKNOWLEDGED}),
    (gettext_lazy("Judged"), {State.FOUNDED, State.UNFOUNDED}),
    (gettext_lazy("Investigated"), {State.INVESTIGATING, State.REOPENED}),
    (gettext_lazy("Remedy proposed"), {State.PROPOSED}),
    (gettext_lazy("Approved"), {State.APPROVED}),
    (gettext_lazy("Carried out"), {State.CARRIED_OUT}),
    (gettext_lazy("Customer called back"), {State.CALLED_BACK}),
    (gettext_lazy("Archived"), {State.ARCHIVED}),
)
SKIPPED_WHEN_UNFOUNDED = range(3, 7)


def stages(complaint) -> list[Stage]:
    """The stepper of a complaint; one judged unfounded goes from the judgement straight to the callback."""
    here = next(place for place, (_label, states) in enumerate(STAGES) if complaint.state in states)
    return [
        Stage(label, "done" if place < here else "current" if place == here else "ahead")
        for place, (label, _states) in enumerate(STAGES)
        if complaint.founded is not False or place not in SKIPPED_WHEN_UNFOUNDED
    ]


VERBS = {
    "acknowledge": State.ACKNOWLEDGED,
    "judge": State.FOUNDED,
    "investigate": State.INVESTIGATING,
    "propose": State.PROPOSED,
    "approve": State.APPROVED,
    "reject": State.INVESTIGATING,
    "carry-out": State.CARRIED_OUT,
    "call-back": State.CALLED_BACK,
    "archive": State.ARCHIVED,
    "reopen": State.REOPENED,
}


def verbs_of(complaint, user) -> list[str]:
    """What the person may do with the complaint now, most usual first; deciding takes a second person."""
    if user.pk == complaint.concerned_agent_id:
        return []
    moves = COMPLAINT_MOVES[complaint.state]
    legal = [verb for verb, to in VERBS.items() if to in moves]
    proposed = complaint.state == State.PROPOSED
    legal = [verb for verb in legal if proposed or verb != "reject"]
    if proposed:
        legal = [verb for verb in legal if verb != "investigate"]
        if obstacle_of(complaint, user):
            legal = []
    return legal


def obstacle_of(complaint, user) -> str:
    """Why the person may not decide on the remedies: ``proposer``, ``handler``, ``concerned`` or empty."""
    pending = complaint.remedies.filter(round=complaint.round, approved_by=None, rejected_by=None)
    return approval_obstacle(
        user.pk,
        proposers=set(pending.values_list("proposed_by_id", flat=True)),
        handler=complaint.handler_id,
        concerned_agent=complaint.concerned_agent_id,
    )


def history(complaint) -> list[Entry]:
    """Moves and internal notes of the complaint, newest first."""
    labels = dict(State.choices)
    entries = [Entry(complaint.registered_at, _("Registered"), complaint.content, complaint.registered_by)]
    entries += [
        Entry(step.at, labels.get(step.to_state, step.to_state), step.note, step.by, "info")
        for step in complaint.steps.select_related("by").order_by("at", "id")
    ]
    entries += [
        Entry(
            note.at,
            _("Internal note") if note.kind == ComplaintNote.Kind.NOTE else note.get_kind_display(),
            note.text,
            note.by,
            "bad" if note.kind == ComplaintNote.Kind.BREACH else "quiet",
        )
        for note in complaint.notes.select_related("by").order_by("at", "id")
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def others_of_customer(complaint, user) -> QuerySet[Complaint]:
    """Other complaints of the same customer, for the sign “complains repeatedly” (CMP-4)."""
    rows = (
        Complaint.objects.visible_to(user).filter(customer_id=complaint.customer_id).exclude(pk=complaint.pk)
    )
    return rows.order_by("-id")[:10]


def entry_source(complaint) -> str:
    """What names the do-not-call entry that the complaint proposes, so that it is proposed once."""
    return f"complaint:{complaint.pk}:{complaint.round}"


def proposed_entry(complaint) -> BlacklistEntry | None:
    """The do-not-call entry that the complaint has proposed (CMP-4)."""
    return BlacklistEntry.objects.filter(source=entry_source(complaint)).first()


def complaint_of_task(task) -> Complaint | None:
    """The complaint whose outcome the call of this task tells the customer; None for other tasks."""
    return Complaint.objects.filter(callback_task=task).select_related("customer").first()


def complaints_by_cause(*, user, start, end) -> QuerySet:
    """Founded complaints registered in [start, end) by cause, as dicts (CMP-2)."""
    rows = Complaint.objects.visible_to(user).filter(
        founded=True, registered_at__gte=start, registered_at__lt=end
    )
    return rows.order_by().values("cause").annotate(complaints=Count("id")).order_by("-complaints", "cause")
