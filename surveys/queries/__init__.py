from surveys.queries.forms import FormItem, Option, form_json, form_of, lines_of, options_of, values_offered
from surveys.queries.lists import directions, question_bank, questionnaires, versions_of
from surveys.queries.results import ItemResult, item_results, question_scores, responses_in, texts_of

__all__ = [
    "FormItem",
    "ItemResult",
    "Option",
    "directions",
    "form_json",
    "form_of",
    "item_results",
    "lines_of",
    "options_of",
    "question_bank",
    "question_scores",
    "questionnaires",
    "responses_in",
    "texts_of",
    "values_offered",
    "versions_of",
]
