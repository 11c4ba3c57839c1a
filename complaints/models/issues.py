"""Feedback issues (客户问题), the department's answers and the escalations (ISS-1 … ISS-4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Call
from callcenter.models import Step
from campaigns.models import Campaign
from complaints.models.points import ProblemPoint
from complaints.states import ISSUE_MOVES, ISSUE_OPEN, IssueState
from customers.models import Customer
from people.models import Department, DepartmentContact


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
    """What one customer reported, until it is solved.

    Three clocks run on it, each a column that is empty while the clock stands: ``warn_at`` and ``level_due_at``
    for the level that owes an answer, ``deadline`` for the whole. ``round`` grows with every hand-over and
    reopening; within a round the issue goes up to each level at most once.
    """

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
        ProblemPoint, models.PROTECT, related_name="issues", verbose_name=_("problem point"), db_index=False
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
        db_index=False,
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
    # When the department said it was solved; taken back by a customer who says it is not.
    settled_at = models.DateTimeField(_("solved according to the department"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    # Level the department's clock is on (1, 2, 3, 4 = head) and when it moves up.
    level = models.PositiveSmallIntegerField(_("level"), choices=DepartmentContact.Level, default=1)
    level_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    warn_at = models.DateTimeField(_("warning due"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    contacts = models.PositiveSmallIntegerField(_("second contacts made"), default=0)
    rating = models.PositiveSmallIntegerField(_("customer's rating of the department"), null=True, blank=True)
    client_uuid = models.UUIDField(unique=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.CheckConstraint(
                name="issue_rating_one_to_five", condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5)
            ),
            models.CheckConstraint(
                name="solved_issue_has_no_clock",
                condition=~Q(state__in=[IssueState.SOLVED, IssueState.FOCUS])
                | Q(level_due_at=None, warn_at=None),
            ),
        ]
        indexes = [
            # The escalation sweep: departments that have been silent for too long, warnings, deadlines passed.
            models.Index(
                fields=["level_due_at", "id"],
                name="issue_to_escalate",
                condition=Q(level_due_at__isnull=False),
            ),
            models.Index(fields=["warn_at", "id"], name="issue_to_warn", condition=Q(warn_at__isnull=False)),
            models.Index(
                fields=["deadline", "id"],
                name="issue_to_breach",
                condition=Q(breached_at=None, settled_at=None)
                & ~Q(state__in=[IssueState.SOLVED, IssueState.FOCUS]),
            ),
            # The pages of open issues, by deadline.
            models.Index(
                fields=["team", "deadline", "id"],
                name="issue_open_of_team",
                condition=Q(state__in=ISSUE_OPEN),
            ),
            models.Index(
                fields=["department", "deadline", "id"],
                name="issue_open_of_department",
                condition=Q(state__in=ISSUE_OPEN),
            ),
            models.Index(fields=["team", "-id"], name="issue_of_team"),
            models.Index(fields=["department", "-id"], name="issue_of_department"),
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
    """The issue went up to ``level`` because ``from_level`` stayed silent or the customer said it is not solved.

    One row per issue, round and level, so that going up twice is impossible. Level 5 is the silence of the head:
    nobody of the department is above, the centre's managers are told.
    """

    class Level(models.IntegerChoices):
        SECOND = 2, _("level 2")
        THIRD = 3, _("level 3")
        HEAD = 4, _("head")
        MANAGERS = 5, _("operations managers")

    class Reason(models.TextChoices):
        SILENT = "silent", _("no answer in time")
        UNSOLVED = "unsolved", _("not solved according to the customer")

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="escalations")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    from_level = models.PositiveSmallIntegerField(_("from level"), choices=DepartmentContact.Level)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.SILENT)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    due_at = models.DateTimeField(_("was due"), null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [models.UniqueConstraint(fields=["issue", "round", "level"], name="escalated_once")]

    def __str__(self):
        return f"{self.issue} {self.get_level_display()}"
