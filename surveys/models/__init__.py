from surveys.models.questionnaires import Item, Question, Questionnaire, QuestionnaireVersion
from surveys.models.responses import Answer, Response
from surveys.models.rotation import RotationProposal, RotationProposalStep

__all__ = [
    "Answer",
    "Item",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "RotationProposal",
    "RotationProposalStep",
]
