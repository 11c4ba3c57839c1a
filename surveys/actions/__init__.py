from surveys.actions.bank import check_question, save_question, used_in_published
from surveys.actions.responses import freeze, read_answers, save_response
from surveys.actions.rotation import accept_rotation, keep_question, propose_everywhere, propose_rotation
from surveys.actions.versions import (
    add_item,
    change_item,
    create_questionnaire,
    discard_draft,
    draft_version,
    move_item,
    publish_version,
    remove_item,
    replace_question,
)

__all__ = [
    "accept_rotation",
    "add_item",
    "change_item",
    "check_question",
    "create_questionnaire",
    "discard_draft",
    "draft_version",
    "freeze",
    "keep_question",
    "move_item",
    "propose_everywhere",
    "propose_rotation",
    "publish_version",
    "read_answers",
    "remove_item",
    "replace_question",
    "save_question",
    "save_response",
    "used_in_published",
]
