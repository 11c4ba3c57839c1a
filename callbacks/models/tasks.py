"""Callback tasks and the queues they wait in (CB-1, CB-2, DESIGN section 4)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from callbacks.states import BY_MESSAGE, HELD, OPEN, TASK_MOVES, WAITING, TaskState
from callcenter.access import Role
from callcenter.models import Step
from campaigns.models import Account, Campaign, Disposition, RequiredSkill
from campaigns.states import CampaignState
from customers.models import Customer
from messaging.models import Message

# Appointments that are still ahead of their call.
AGREED = Q(appointment=True, state__in=[TaskState.PLANNED, TaskState.READY])


class QueueQuerySet(models.QuerySet):
    def callable_by(self, agent, day):
        """Open queues of the agent's teams whose campaign runs on the local ``day`` and asks no skill the agent lacks."""
        campaign = Q(campaign__state=CampaignState.RUNNING, campaign__starts_on__lte=day) & (
            Q(campaign__ends_on=None) | Q(campaign__ends_on__gte=day)
        )
        lacking = RequiredSkill.objects.lacking(agent).filter(campaign=OuterRef("campaign"))
        return self.filter(~Exists(lacking), campaign, open=True, team__in=agent.scope().team_ids(Role.AGENT))


class Queue(models.Model):
    """What an agent can be subscribed to: a campaign's work of one team. Closed queues hand nothing out."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="queues")
    team = models.ForeignKey("people.Team", models.CASCADE, related_name="queues")
    open = models.BooleanField(_("open"), default=True)

    objects = QueueQuerySet.as_manager()

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints = [models.UniqueConstraint(fields=["campaign", "team"], name="queue_once")]

    def __str__(self):
        return f"{self.campaign} · {self.team}"


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An agent sees the tasks that are, were or will be theirs, team roles those of their teams, a client its own."""
        scope = user.scope()
        reached = scope.rows(team="queue__team", own="agent", client="campaign__client")
        if Role.AGENT in scope.roles and not scope.everything:
            reached |= Q(reserved_for=user)
        return self.filter(reached)

    def held(self):
        """Tasks in somebody's hands."""
        return self.filter(state__in=HELD)


class Task(models.Model):
    """One promised contact with one customer.

    ``due_at`` is when it may next be handed out, ``deadline`` when the promise is broken, ``rank`` the order of work
    (smaller first). ``token`` fences: it grows with every claim, and a save must name the current one.
    """

    class Kind(models.TextChoices):
        CALLBACK = "callback", _("callback")
        SECOND_CONTACT = "second_contact", _("second contact")
        CORRECTIVE = "corrective", _("corrective call")
        COMPLAINT = "complaint", _("callback after a complaint")
        RETENTION = "retention", _("retention")
        CONFIRMATION = "confirmation", _("confirmation of a trial")

    class Hold(models.TextChoices):
        NONE = "", _("none")
        LEVEL3 = "level3", _("waiting for the level-3 result")
        FOCUS = "focus", _("under a focus issue")
        CAMPAIGN = "campaign", _("campaign paused")

    MOVES = TASK_MOVES

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tasks", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tasks")
    account = models.ForeignKey(Account, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.CALLBACK)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=10, default="phone")
    # What created it, so that creating it twice is impossible: "policy:7:event:12", "second:31", "qa:5".
    source = models.CharField(max_length=80, unique=True)
    policy = models.ForeignKey(
        "campaigns.Policy", models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.PLANNED)
    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    rank = models.BigIntegerField(_("rank"), default=0)
    due_at = models.DateTimeField(_("due"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    appointment = models.BooleanField(_("appointment"), default=False)
    # The time the customer chose; ``due_at`` may move on when it cannot be kept, this stays.
    agreed_at = models.DateTimeField(_("agreed time"), null=True, blank=True)
    # Only this person may take it, until reserved_until; then anyone of the team.
    reserved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    reserved_until = models.DateTimeField(null=True, blank=True)
    # When it was given to its agent or team, and when it comes up to the lead if nobody has called by then (CAM-4).
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True)
    surfaces_at = models.DateTimeField(null=True, blank=True)
    # Who holds it, or held it last.
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("agent"),
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # The dial under way, by the server's clock; empty once its result is saved.
    dialled_number = models.CharField(max_length=20, blank=True)
    dialled_at = models.DateTimeField(null=True, blank=True)
    # Only what a telephone system has reported; what the agent says is in her draft.
    answered_at = models.DateTimeField(null=True, blank=True)
    hung_up_at = models.DateTimeField(null=True, blank=True)
    # What it is talked about with, from its first dial on: a new version of the campaign's texts does not change a call
    # that has begun, nor its next attempt (CAM-5, CAM-7).
    script = models.ForeignKey(
        "campaigns.ScriptVersion", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    questionnaire = models.ForeignKey(
        "surveys.QuestionnaireVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # How it stood before its last result, for the seconds in which that can be taken back; empty where it cannot.
    undo = models.JSONField(null=True, blank=True)
    # What went out for a task by SMS or e-mail; kept when the task has become a call, for a late answer ends it.
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="task", verbose_name=_("message")
    )
    hold = models.CharField(_("hold"), max_length=10, choices=Hold, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    # Why the last attempt to hand it out was refused: codes of customers.rules.contact.
    blocked_by = models.JSONField(default=list, blank=True)
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(
                name="held_task_has_holder",
                condition=~Q(state__in=list(HELD)) | Q(agent__isnull=False, lease_until__isnull=False),
            ),
            # Two requests of one agent that arrive together must not take two customers.
            models.UniqueConstraint(
                fields=["agent"], name="one_task_in_hand", condition=Q(state__in=list(HELD))
            ),
            # However many signs there are that a customer may leave, one call at a time asks them to stay (CUS-10).
            models.UniqueConstraint(
                fields=["customer"],
                name="one_open_retention_task",
                condition=Q(kind="retention", state__in=list(OPEN)),
            ),
        ]
        indexes = [
            # The claim: one probe per queue over ready rows only, in the order of work. Its size is what waits now.
            models.Index(
                fields=["queue", "rank", "due_at", "id"],
                name="task_claim",
                condition=Q(state=TaskState.READY, reserved_for=None),
            ),
            # An agent's own appointments, probed before the queues.
            models.Index(
                fields=["reserved_for", "rank", "due_at", "id"],
                name="task_claim_own",
                condition=Q(state=TaskState.READY) & ~Q(reserved_for=None),
            ),
            # The minute sweep and an empty claim: one probe per queue for what has become due.
            models.Index(
                fields=["queue", "due_at", "id"], name="task_due", condition=Q(state=TaskState.PLANNED)
            ),
            # What customers have agreed with an agent, and agreed times that nobody could keep.
            models.Index(fields=["reserved_for", "agreed_at"], name="task_agreed_of", condition=AGREED),
            models.Index(fields=["agreed_at", "id"], name="task_agreed", condition=AGREED),
            # What is to be sent: tasks by message without one.
            models.Index(
                fields=["due_at", "id"],
                name="task_to_send",
                condition=Q(state=TaskState.PLANNED, channel__in=list(BY_MESSAGE), message=None),
            ),
            # Holds that end by themselves.
            models.Index(fields=["hold_until"], name="task_hold", condition=Q(state=TaskState.SUSPENDED)),
            # What lies with one agent: counted for each, and taken back when the agent is away.
            models.Index(
                fields=["reserved_for"],
                name="task_reserved",
                condition=Q(state__in=list(WAITING), reserved_for__isnull=False),
            ),
            # What was assigned and may have been left lying.
            models.Index(
                fields=["surfaces_at"],
                name="task_surfaces",
                condition=Q(state__in=list(WAITING), surfaces_at__isnull=False),
            ),
            # Leases that have run out.
            models.Index(fields=["lease_until"], name="task_lease", condition=Q(state__in=list(HELD))),
            models.Index(fields=["campaign", "state", "-id"], name="task_of_campaign"),
            # The promise board: what a policy promised, by the end of its window.
            models.Index(
                fields=["policy", "deadline", "id"], name="task_promised", condition=~Q(policy=None)
            ),
            models.Index(fields=["queue", "-id"], name="task_of_queue"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class TaskStep(Step):
    case = models.ForeignKey(Task, models.CASCADE, related_name="steps")


Task.STEP = TaskStep


class Draft(models.Model):
    """What the agent has typed so far, autosaved; survives a crash of the browser (DESIGN section 4)."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="draft")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self):
        return str(self.task_id)
