"""The shipped scripts, one file for each type of campaign and one for new policies (CAM-5; domain.md section 2).

Texts in three languages, with merge fields. Where ``____`` stands, the writer fills in what only the client knows; a version
with blanks cannot be approved.
"""

from campaigns.script_presets import (
    care,
    collection,
    dunning,
    new_policy,
    retention,
    satisfaction,
    survey,
    telemarketing,
)

REQUIRED = {
    "satisfaction": ("recording",),
    "telemarketing": ("recording", "functions", "use", "price", "trial_end", "cancel"),
    "survey": ("recording", "data_use"),
    "retention": ("recording",),
    "care": ("recording",),
    "dunning": ("recording",),
    "collection": ("recording", "data_use"),
    "new_policy": (
        "recording",
        "policyholder",
        "signature",
        "read_terms",
        "cover",
        "surrender_loss",
        "cooling_off",
        "instalments",
    ),
}
"""The mandatory statements by what a script is made for. Those of a new policy are the seven points of the rules on basic
services of personal insurance, article 15."""

PRESETS = {
    "satisfaction": satisfaction.PRESET,
    "telemarketing": telemarketing.PRESET,
    "survey": survey.PRESET,
    "retention": retention.PRESET,
    "care": care.PRESET,
    "dunning": dunning.PRESET,
    "collection": collection.PRESET,
    "new_policy": new_policy.PRESET,
}
