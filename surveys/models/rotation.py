"""Proposals to replace a question whose results stay excellent (CAM-8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.models import Step
from surveys.models.questionnaires import Question, Questionnaire, QuestionnaireVersion
from surveys.states import PROPOSAL_MOVES, ProposalState


class RotationProposal(models.Model):
    """What was seen (``n``, ``mean``, ``low`` of the days ``since`` … ``until``), and what the meeting decided."""

    MOVES = PROPOSAL_MOVES

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="proposals")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    replacement = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replacement")
    )
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    n = models.PositiveIntegerField(_("answers"))
    mean = models.DecimalField(_("mean"), max_digits=6, decimal_places=4)
    low = models.DecimalField(_("lower bound"), max_digits=6, decimal_places=4)
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes = models.CharField(_("decision of the meeting"), max_length=500, blank=True)
    new_version = models.ForeignKey(
        QuestionnaireVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rotation proposal")
        verbose_name_plural = _("rotation proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "question"],
                name="one_open_rotation_proposal",
                condition=Q(state=ProposalState.OPEN),
            )
        ]

    def __str__(self):
        return f"{self.questionnaire}: {self.question}"


class RotationProposalStep(Step):
    case = models.ForeignKey(RotationProposal, models.CASCADE, related_name="steps")


RotationProposal.STEP = RotationProposalStep
