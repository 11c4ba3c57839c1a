"""Tasks that are messages: what a policy promises by SMS or e-mail, and what is offered when nobody answers the phone (CB-8).

A due task by message gets one message; the customer's answer ends the task. What cannot be sent goes to the policy's next
channel at once, what brings no reply after the policy's days. A phone task whose attempts are used up is followed by an
e-mail, then by an SMS, each only with the customer's consent.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from callbacks.actions.plan import cancel_tasks, mark_tasks, plan_task
from callbacks.models import Task
from callbacks.queries.offers import EXHAUSTED, channels_to_offer
from callbacks.queries.queues import running_queues
from callbacks.states import BY_MESSAGE, TaskState
from callcenter.errors import Refused
from callcenter.sweeps import beat, drain
from callcenter.workdays import local_day
from callcenter.workflow import advance_all
from campaigns.models import Disposition, Policy
from campaigns.queries import questionnaire_for
from customers.models import Channel
from messaging.actions import plan_message
from messaging.models import Message, Reply, Template, TemplateVersion
from messaging.states import LOST, OUT, WAITING, MessageState
from surveys.actions import invite
from surveys.models import Invitation

OFFER_DAYS = 3
OFFER_LASTS = timedelta(days=14)
WATCHED = (TaskState.PLANNED, TaskState.READY)


def send_messages(*, now) -> int:
    """Plan the message of every due task by message, and end the tasks whose customer has answered; returns how many.

    Only in running campaigns, and with an approved text; a task without one waits, and falls back like one without reply.
    """
    due = Task.objects.filter(
        Q(deadline=None) | Q(deadline__gt=now),
        queue__in=running_queues(local_day(now, settings.TIME_ZONE)),
        state=TaskState.PLANNED,
        channel__in=BY_MESSAGE,
        message=None,
        due_at__lte=now,
    )
    rows = due.filter(_has_text()).select_related("campaign", "customer__client", "policy__text")
    planned = drain(
        "callbacks.send", rows.order_by("due_at", "id"), lambda task: _plan(task, now), now=now, limit=2_000
    )
    ended = close_answered(now=now)
    _take_back(now)
    beat("callbacks.send_messages", now=now, handled=planned + ended)
    return planned + ended


def _usable(**chosen):
    return TemplateVersion.objects.usable().filter(template__channel=OuterRef("channel"), **chosen)


def _has_text():
    """Whether ``text_for`` finds something for a task: the policy's own text, an invitation, or thanks."""
    asks = Q(campaign__questionnaire__isnull=False) | Q(campaign__variants__isnull=False)
    invitation = Exists(_usable(template__kind=Template.Kind.SURVEY))
    thanks = Exists(_usable(template__kind=Template.Kind.THANKS))
    own = Exists(_usable(template=OuterRef("policy__text")))
    found = Task.objects.filter(own | Q(asks, invitation) | (Q(~asks) & thanks))
    return Q(pk__in=found.filter(state=TaskState.PLANNED, message=None).values("pk"))


def text_for(task) -> TemplateVersion | None:
    """The approved text a task is sent in: the policy's own, else the invitation, else thanks; None when there is none."""
    usable = (
        TemplateVersion.objects.usable().filter(template__channel=task.channel).select_related("template")
    )
    own = (
        usable.filter(template_id=task.policy.text_id).first()
        if task.policy and task.policy.text_id
        else None
    )
    if own is not None:
        return own
    asks = questionnaire_for(task.campaign, task.customer_id) is not None
    kind = Template.Kind.SURVEY if asks else Template.Kind.THANKS
    return usable.filter(template__kind=kind).order_by("-id").first()


def _plan(task, now):
    """The one message of a task and channel; in the sweep's transaction, the task's row locked."""
    text, campaign = text_for(task), task.campaign
    values = {
        "customer": task.customer,
        "key": f"task:{task.pk}:{task.channel}",
        "by": None,
        "now": now,
        "campaign_code": campaign.code,
        "purpose": campaign.purpose,
    }
    version = questionnaire_for(campaign, task.customer_id)
    if text.template.invites and version is not None:
        lasts = max(task.deadline - now, timedelta(hours=1)) if task.deadline else OFFER_LASTS
        message, _created = invite(version=version, text=text, valid_for=lasts, **values)
    else:
        message, _created = plan_message(version=text, expires_at=task.deadline, **values)
    Task.objects.filter(pk=task.pk).update(message=message)


def _answers():
    """(the questionnaire was answered, a stop word came, any reply came) for the message of a task."""
    used = Invitation.objects.filter(message_key=OuterRef("message__key"), used_at__isnull=False)
    replies = Reply.objects.filter(message=OuterRef("message_id"))
    stopped = replies.filter(outcome=Reply.Outcome.STOPPED)
    return Exists(used), Exists(stopped), Exists(replies)


def close_answered(*, now) -> int:
    """End tasks whose customer answered, asked for no more messages, or received what asks for no answer; returns how many.

    Also those that have become calls meanwhile, as long as nobody holds them.
    """
    answered, stopped, _replied = _answers()
    watched = Task.objects.filter(state__in=WATCHED, message__isnull=False)
    done = advance_all(
        watched.filter(answered),
        TaskState.DONE,
        by=None,
        at=now,
        note=_("The customer has answered by message."),
        closed_at=now,
        disposition=Disposition.objects.filter(code="DONE").first(),
    )
    done += cancel_tasks(
        watched.filter(stopped), by=None, now=now, note=_("The customer wants no more messages.")
    )
    # Thanks, a greeting, a tip: nothing follows them.
    plain = watched.filter(channel__in=BY_MESSAGE, message__state__in=OUT).exclude(
        message__version__template__kind=Template.Kind.SURVEY
    )
    no_next = Q(policy__fallback_channel="") | Q(policy=None)
    done += advance_all(
        plain.filter(no_next), TaskState.DONE, by=None, at=now, note=_("The message was sent."), closed_at=now
    )
    return done


def fall_back(*, now) -> int:
    """Turn promises by message that cannot be sent, or brought no reply, into the policy's next channel; returns how many.

    Tasks by SMS or e-mail are never handed to agents; those of a policy without a next channel end with their window.
    """
    moved = 0
    policies = Policy.objects.filter(active=True, channel__in=BY_MESSAGE).exclude(fallback_channel="")
    for policy in policies.order_by("id"):
        own = Task.objects.filter(policy=policy, channel=policy.channel).exclude(
            channel=policy.fallback_channel
        )
        note = _("No reply by %(channel)s.") % {"channel": policy.get_channel_display()}
        moved += _next_channel(own, policy.fallback_channel, policy.fallback_days, note, now)
    offers = Task.objects.filter(policy=None, source__startswith=EXHAUSTED)
    note = _("No reply by %(channel)s.") % {"channel": Channel.EMAIL.label}
    moved += _next_channel(offers.filter(channel=Channel.EMAIL), Channel.SMS, OFFER_DAYS, note, now)
    over = offers.filter(channel=Channel.SMS, state=TaskState.PLANNED)
    moved += cancel_tasks(
        over.filter(Q(deadline__lte=now) | Q(message__state__in=LOST)), by=None, now=now, note=_("No reply.")
    )
    return moved


def _next_channel(tasks, channel, days, note, now):
    """Those of the tasks whose message was lost, or has been silent for so many days, by another channel from now on."""
    cutoff = now - timedelta(days=days)
    answered, _stopped, replied = _answers()
    silent = Q(message=None, due_at__lte=cutoff) | Q(message__state__in=OUT, message__sent_at__lte=cutoff)
    waiting = tasks.filter(state=TaskState.PLANNED).exclude(answered).exclude(replied)
    waiting = waiting.filter(silent | Q(message__state__in=LOST))
    fields = {"message": None} if channel in BY_MESSAGE else {}
    return mark_tasks(waiting, note, by=None, now=now, channel=channel, **fields)


def offer_message(*, task, now) -> Task | None:
    """After the last attempt by phone: a task by e-mail, else by SMS; None when there is nothing to offer (CB-8)."""
    channel = next(iter(channels_to_offer(task=task, now=now)), None)
    return _offer(task, channel, _("Not reached by phone"), None, now) if channel else None


@transaction.atomic
def ask_by_message(*, task, channel, by, now) -> Task:
    """The customer would rather answer by message: the questions go out by ``channel``, no further call is made (CB-8).

    Raises ``Refused`` where the customer has not agreed to the channel or there is no text to send.
    """
    if channel not in channels_to_offer(task=task, now=now):
        raise Refused(
            _("The customer may not be asked by this channel: there is no consent, no address or no text."),
            code="channel_closed",
        )
    offer = _offer(task, Channel(channel), _("The customer asked for it by message"), by, now)
    cancel_tasks(
        Task.objects.filter(pk=task.pk),
        by=by,
        now=now,
        note=_("The customer asked for the questions by %(channel)s.") % {"channel": Channel(channel).label},
    )
    return offer


def _offer(task, channel, reason, by, now):
    campaign = task.campaign
    offer, _created = plan_task(
        campaign=campaign,
        customer=task.customer,
        kind=task.kind,
        source=f"{EXHAUSTED}{task.pk}",
        due_at=now,
        deadline=now + OFFER_LASTS,
        reason=reason,
        priority=task.priority,
        channel=channel.value,
        team=task.queue.team,
        now=now,
        by=by,
    )
    return offer


def _take_back(now):
    """What has not gone out for a task that has ended never will."""
    ended = Message.objects.filter(task__state__in=[TaskState.DONE, TaskState.CANCELLED], state__in=WAITING)
    advance_all(
        Message.objects.filter(pk__in=ended.order_by().values("pk")),
        MessageState.CANCELLED,
        by=None,
        at=now,
        note=_("The task has ended."),
    )
