from campaigns.queries.lists import (
    campaigns,
    disposition_by_code,
    offered_dispositions,
    questionnaire_for,
    running_campaigns,
    scripts,
)
from campaigns.queries.scripts import (
    RenderedScript,
    Statement,
    language_of,
    render_version,
    rendered_script,
    salutation_of,
)
from campaigns.queries.windows import policy_events, policy_window

__all__ = [
    "RenderedScript",
    "Statement",
    "campaigns",
    "disposition_by_code",
    "language_of",
    "offered_dispositions",
    "policy_events",
    "policy_window",
    "questionnaire_for",
    "render_version",
    "rendered_script",
    "running_campaigns",
    "salutation_of",
    "scripts",
]
