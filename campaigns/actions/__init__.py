from campaigns.actions.campaigns import (
    CLOSED,
    OPERATIONAL,
    check_texts_are_usable,
    copy_campaign,
    create_campaign,
    edit_campaign,
    remove_policy,
    remove_target,
    save_policy,
    save_target,
    set_variants,
)
from campaigns.actions.capacity import save_capacity_plan
from campaigns.actions.dispositions import load_dispositions
from campaigns.actions.moves import (
    approve_campaign,
    archive_campaign,
    finish_campaign,
    pause_campaign,
    reopen_campaign,
    resume_campaign,
    return_to_draft,
    start_campaign,
)
from campaigns.actions.scripts import (
    approve_script,
    approve_script_for_client,
    create_script,
    save_script_version,
)

__all__ = [
    "CLOSED",
    "OPERATIONAL",
    "approve_campaign",
    "approve_script",
    "approve_script_for_client",
    "archive_campaign",
    "check_texts_are_usable",
    "copy_campaign",
    "create_campaign",
    "create_script",
    "edit_campaign",
    "finish_campaign",
    "load_dispositions",
    "pause_campaign",
    "remove_policy",
    "remove_target",
    "reopen_campaign",
    "resume_campaign",
    "return_to_draft",
    "save_capacity_plan",
    "save_policy",
    "save_script_version",
    "save_target",
    "set_variants",
    "start_campaign",
]
