from surveys.actions.bank import check_question, save_question, used_in_published
from surveys.actions.invitations import (
    answer_invitation,
    invite,
    invite_many,
    note_opening,
    read_replies,
    stop_invitations,
)
from surveys.actions.latest import mark_latest
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
    "answer_invitation",
    "change_item",
    "check_question",
    "create_questionnaire",
    "discard_draft",
    "draft_version",
    "freeze",
    "invite",
    "invite_many",
    "keep_question",
    "mark_latest",
    "move_item",
    "note_opening",
    "propose_everywhere",
    "propose_rotation",
    "publish_version",
    "read_answers",
    "read_replies",
    "remove_item",
    "replace_question",
    "save_question",
    "save_response",
    "stop_invitations",
    "used_in_published",
]
