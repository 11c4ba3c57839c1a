"""Making and revoking the links of wallboards (KPI-10)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict
from callcenter.models import AccessLog
from callcenter.notify import log_access
from reports.models import WallLink


@transaction.atomic
def make_wall_link(*, team, name, language, days, by, now) -> WallLink:
    """A link that shows the team's wallboard for so many days to whoever has it."""
    link = WallLink.objects.create(
        team=team,
        name=name,
        language=language,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    log_access(by, AccessLog.Action.CHANGE, "wall_link", link.pk, now=now, reason="created", days=days)
    return link


@transaction.atomic
def revoke_wall_link(*, link, by, now) -> None:
    """The link stops working at once, on every screen that has it open."""
    if not WallLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        raise Conflict(_("This link has been revoked already."), code="revoked_already")
    log_access(by, AccessLog.Action.CHANGE, "wall_link", link.pk, now=now, reason="revoked")
