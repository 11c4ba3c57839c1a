from surveys.models.questionnaires import Item, Question, Questionnaire, QuestionnaireVersion
from surveys.models.responses import Answer, Response

__all__ = ["Answer", "Item", "Question", "Questionnaire", "QuestionnaireVersion", "Response"]
