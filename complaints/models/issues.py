"""Feedback issues (客户问题), their second contacts and escalations (ISS-1 … ISS-4, CB-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Call, Task
from callcenter.models import Step
from callcenter.texts import localized
from campaigns.models import Campaign
from complaints.states import ISSUE_MOVES, IssueState
from customers.models import Customer
from people.models import Department, DepartmentContact


class ProblemPoint(models.Model):
    """A point that many customers may report; the unit of focus issues (ISS-5)."""

    name = models.JSONField(_("name"))
    code = models.CharField(_("code"), max_length=40, unique=True)
    category = models.CharField(_("category"), max_length=40)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    key = models.CharField(_("key on the desk"), max_length=1, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("problem point")
        verbose_name_plural = _("problem points")

    def __str__(self):
        return localized(self.name)


class IssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agent who raised it, team roles of its team, the responsible department, the client."""
        return self.filter(
            user.scope().rows(
                team="team", own="raised_by", department="department", client="campaign__client"
            )
        )

    def unsolved(self):
        return self.exclude(state=IssueState.SOLVED)


class Issue(models.Model):
    class Urgency(models.TextChoices):
        URGENT = "urgent", _("urgent")
        IMPORTANT = "important", _("important")
        ROUTINE = "routine", _("routine")

    class Origin(models.TextChoices):
        CALL = "call", _("call")
        SURVEY = "survey", _("survey reply")
        FORM = "form", _("web form")
        STAFF = "staff", _("internal channel")

    MOVES = ISSUE_MOVES

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="issues")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="issues")
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="issues")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+", db_index=False)
    problem_point = models.ForeignKey(
        ProblemPoint, models.PROTECT, related_name="issues", verbose_name=_("problem point")
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.CALL)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    major = models.BooleanField(_("major"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=IssueState, default=IssueState.OPEN)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("department"),
    )
    description = models.TextField(_("description"))
    suggestion = models.TextField(_("suggestion"), blank=True)
    competitor = models.CharField(_("competitor"), max_length=200, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    deadline = models.DateTimeField(_("deadline"))
    breached_at = models.DateTimeField(_("deadline passed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    # Level the department's clock is on (1, 2, 3, 4 = head) and when it moves up.
    level = models.PositiveSmallIntegerField(_("level"), choices=DepartmentContact.Level, default=1)
    level_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    contacts = models.PositiveSmallIntegerField(_("second contacts made"), default=0)
    rating = models.PositiveSmallIntegerField(_("customer's rating of the department"), null=True, blank=True)
    client_uuid = models.UUIDField(unique=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        indexes = [
            # The escalation sweep: issues whose department has been silent for too long.
            models.Index(
                fields=["level_due_at", "id"],
                name="issue_to_escalate",
                condition=Q(state__in=["open", "sent", "second_contact", "reopened"]),
            ),
            models.Index(fields=["team", "-id"], name="issue_of_team"),
            models.Index(fields=["problem_point", "customer"], name="issue_of_point"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class IssueStep(Step):
    case = models.ForeignKey(Issue, models.CASCADE, related_name="steps")


Issue.STEP = IssueStep


class DepartmentAnswer(models.Model):
    """What the department answered, at which level."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="answers")
    level = models.PositiveSmallIntegerField(_("level"), choices=DepartmentContact.Level)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("answer"))
    # The internal result the next second contact must not contradict (CB-10).
    solved = models.BooleanField(_("the department holds it solved"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("department answer")
        verbose_name_plural = _("department answers")

    def __str__(self):
        return self.text[:60]


class Escalation(models.Model):
    """The department stayed silent: the issue went up to ``level``. One row per issue, round and level."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField(_("level"), choices=DepartmentContact.Level)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    due_at = models.DateTimeField(_("was due"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [models.UniqueConstraint(fields=["issue", "level"], name="escalated_once")]

    def __str__(self):
        return f"{self.issue} {self.get_level_display()}"


class SecondContact(models.Model):
    """The promise to call again (二次回馈), written with the issue. The sweep turns it into a task exactly once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PLANNED = "planned", _("planned")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="second_contacts")
    sequence = models.PositiveSmallIntegerField(_("number"))
    # The sweep makes the task once due_at has come; it may be dialled from then on.
    due_at = models.DateTimeField(_("due"))
    deadline = models.DateTimeField(_("deadline"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="second_contact", verbose_name=_("task")
    )
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("second contact")
        verbose_name_plural = _("second contacts")
        constraints = [models.UniqueConstraint(fields=["issue", "sequence"], name="second_contact_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="second_contact_due", condition=Q(state="waiting"))
        ]

    def __str__(self):
        return f"{self.issue} · {self.sequence}"
