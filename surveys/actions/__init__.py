from surveys.actions.bank import save_question, used_in_published
from surveys.actions.responses import freeze, read_answers, save_response
from surveys.actions.versions import (
    add_item,
    change_item,
    create_questionnaire,
    discard_draft,
    draft_version,
    move_item,
    publish_version,
    remove_item,
)

__all__ = [
    "add_item",
    "change_item",
    "create_questionnaire",
    "discard_draft",
    "draft_version",
    "freeze",
    "move_item",
    "publish_version",
    "read_answers",
    "remove_item",
    "save_question",
    "save_response",
    "used_in_published",
]
