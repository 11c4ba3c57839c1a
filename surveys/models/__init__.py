from surveys.models.invitations import Invitation
from surveys.models.questionnaires import Item, Question, Questionnaire, QuestionnaireVersion
from surveys.models.responses import Answer, Response
from surveys.models.rotation import RotationProposal, RotationProposalStep

__all__ = [
    "Answer",
    "Invitation",
    "Item",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "RotationProposal",
    "RotationProposalStep",
]
