"""What a campaign does after each result (CB-5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict
from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.actions.campaigns import CLOSED
from campaigns.models import AttemptRule


@transaction.atomic
def set_attempt_rules(*, campaign, rules, by, now) -> None:
    """Replace what the campaign does after results: ``rules`` are unsaved rows without their campaign (CB-5).

    Raises ``Conflict`` when the campaign is closed.
    """
    if campaign.state in CLOSED:
        raise Conflict(
            _("This campaign is finished and no longer changes. Copy it to start a new one."), code="closed"
        )
    campaign.attempt_rules.all().delete()
    for rule in rules:
        rule.campaign = campaign
    AttemptRule.objects.bulk_create(rules)
    log_access(by, AccessLog.Action.CHANGE, "campaign", campaign.pk, now=now, columns=["attempt_rules"])
