"""Focus issues (关注问题点): many customers, one problem, one answer (ISS-5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callcenter.models import Step
from complaints.models.issues import Issue
from complaints.models.points import ProblemPoint
from complaints.states import FOCUS_MOVES, FocusState
from people.models import Department


class FocusIssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff of the centre see all, a department its own; observers and outsiders none."""
        scope = user.scope()
        if scope.everything or scope.roles - {"department", "client"}:
            return self
        return self.filter(scope.rows(department="department"))

    def open(self):
        return self.exclude(state=FocusState.CLOSED)


class FocusIssue(models.Model):
    """Opened once per point by the report that crossed the threshold; ``notice`` is what agents say meanwhile."""

    MOVES = FOCUS_MOVES

    problem_point = models.ForeignKey(
        ProblemPoint,
        models.PROTECT,
        related_name="focus_issues",
        verbose_name=_("problem point"),
        db_index=False,
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    state = models.CharField(_("state"), max_length=12, choices=FocusState, default=FocusState.PUBLISHED)
    customers = models.PositiveIntegerField(_("customers at opening"))
    threshold = models.PositiveSmallIntegerField(_("threshold"))
    opened_at = models.DateTimeField(_("opened"))
    notice = models.TextField(_("answer for customers"), blank=True)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("head")
    )
    due_at = models.DateTimeField(_("solution due"))
    breached_at = models.DateTimeField(_("deadline passed"), null=True, blank=True)
    resolution = models.TextField(_("solution"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    sample_size = models.PositiveIntegerField(_("customers to call back"), default=0)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)

    objects = FocusIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus issue")
        verbose_name_plural = _("focus issues")
        constraints = [
            models.UniqueConstraint(
                fields=["problem_point"], name="one_open_focus_issue", condition=~Q(state=FocusState.CLOSED)
            )
        ]
        indexes = [models.Index(fields=["problem_point", "-id"], name="focus_of_point")]

    def __str__(self):
        return str(self.problem_point)


class FocusStep(Step):
    case = models.ForeignKey(FocusIssue, models.CASCADE, related_name="steps")


FocusIssue.STEP = FocusStep


class FocusCall(models.Model):
    """One customer of the sample called back and thanked after the solution."""

    focus = models.ForeignKey(FocusIssue, models.CASCADE, related_name="calls")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    task = models.OneToOneField(Task, models.PROTECT, related_name="focus_call", verbose_name=_("task"))
    satisfied = models.BooleanField(_("satisfied with the solution"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("call of the sample")
        verbose_name_plural = _("calls of the sample")
        constraints = [models.UniqueConstraint(fields=["focus", "round", "issue"], name="focus_call_once")]

    def __str__(self):
        return f"{self.focus} · {self.issue}"
