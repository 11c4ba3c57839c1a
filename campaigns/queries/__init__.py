from campaigns.queries.capacity import Capacity, capacity_of
from campaigns.queries.detail import account_counts, history, policies, preview_customers, targets
from campaigns.queries.lists import (
    campaigns,
    disposition_by_code,
    offered_dispositions,
    questionnaire_for,
    running_campaigns,
    scripts,
)
from campaigns.queries.quotas import quota_customers, quota_lines, quota_plans
from campaigns.queries.rendering import (
    RenderedScript,
    Statement,
    language_of,
    preview,
    render_version,
    rendered_script,
    salutation_of,
    sample_customer,
    shown_name_of,
)
from campaigns.queries.skills import unable_by_campaign

__all__ = [
    "Capacity",
    "RenderedScript",
    "Statement",
    "account_counts",
    "campaigns",
    "capacity_of",
    "disposition_by_code",
    "history",
    "language_of",
    "offered_dispositions",
    "policies",
    "preview",
    "preview_customers",
    "questionnaire_for",
    "quota_customers",
    "quota_lines",
    "quota_plans",
    "render_version",
    "rendered_script",
    "running_campaigns",
    "salutation_of",
    "shown_name_of",
    "sample_customer",
    "scripts",
    "targets",
    "unable_by_campaign",
]
