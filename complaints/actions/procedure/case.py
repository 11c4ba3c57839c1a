"""What every verb of the complaint procedure needs: the locked case, its moves, its notices, its callback."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from callbacks.actions import plan_task
from callbacks.models import Task
from callcenter.errors import Refused
from callcenter.models import Notification
from callcenter.notify import notify
from callcenter.workflow import advance
from complaints.models import Complaint
from complaints.rules.second_contact import plan_second_contact
from people.queries import work_calendar


def locked(complaint) -> Complaint:
    """The complaint as it is now, locked until the end of the transaction."""
    rows = Complaint.objects.select_related(
        "customer", "team__unit", "campaign__calendar", "issue", "handler"
    )
    return rows.select_for_update(of=("self",)).get(pk=complaint.pk)


def wanted(text, field, message):
    if not text.strip():
        raise Refused(message, fields={field: [message]})
    return text.strip()


def check_handler(handler, concerned_agent):
    if handler and concerned_agent and handler.pk == concerned_agent.pk:
        raise Refused(
            _("The handler is the person complained about. Somebody else must handle this complaint."),
            code="recusal",
            fields={"handler": [_("Choose somebody else.")]},
        )


def not_concerned(complaint, by):
    if by and complaint.concerned_agent_id == by.pk:
        raise Refused(_("This complaint is about you. Somebody else must handle it."), code="recusal")


def move(complaint, to, *, by, now, note="", **fields):
    not_concerned(complaint, by)
    return advance(complaint, to, by=by, at=now, note=note, version=F("version") + 1, **fields)


def tell(complaint, people, text, key, now, level=Notification.Level.INFO):
    notify(
        {user.pk: user for user in people if user}.values(),
        text,
        key=f"complaint:{complaint.pk}:{complaint.round}:{key}",
        now=now,
        url=reverse("complaints:detail", args=[complaint.pk]),
        level=level,
        number=str(complaint),
        customer=complaint.customer.name,
    )


def plan_callback(complaint, *, by, now):
    """The call that tells the customer the outcome; without a campaign the handler calls and records it."""
    if complaint.campaign_id is None:
        return complaint
    plan = plan_second_contact(now, cal=work_calendar(complaint.campaign.calendar))
    task, _created = plan_task(
        campaign=complaint.campaign,
        customer=complaint.customer,
        kind=Task.Kind.COMPLAINT,
        source=f"complaint:{complaint.pk}:{complaint.round}",
        due_at=now,
        deadline=plan.deadline,
        reason=_("Tell the outcome of complaint %(number)s") % {"number": complaint},
        priority=1,
        team=complaint.team,
        now=now,
        by=by,
    )
    Complaint.objects.filter(pk=complaint.pk).update(callback_task=task)
    complaint.callback_task = task
    return complaint
