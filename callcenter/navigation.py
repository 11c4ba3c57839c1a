"""The left rail by role, and what every page's shell needs."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter.access import EVERYBODY, Role
from callcenter.models import Notification


@dataclass(frozen=True)
class Entry:
    """One entry of the rail: a URL name (apps are never imported here), its label, icon and roles.

    ``go`` is the key that leads there after G (ux.md section 3.3); of several entries the first a person has counts.
    """

    url: str
    label: str
    icon: str
    roles: tuple
    go: str = ""


TEAM_WORK = (Role.LEAD, Role.MANAGER)
RAIL = (
    Entry("home", _("Home"), "home", EVERYBODY),
    Entry("desk:desk", _("Desk"), "headset", (Role.AGENT,), "q"),
    Entry("board:first", _("Board"), "layout-dashboard", TEAM_WORK),
    Entry("desk:day", _("My day"), "calendar-time", (Role.AGENT,), "d"),
    Entry("callbacks:tasks", _("Tasks"), "list-check", (Role.AGENT, *TEAM_WORK), "q"),
    Entry("callbacks:distribution", _("Assignment"), "users-group", TEAM_WORK),
    Entry("callbacks:calls", _("Calls"), "phone", (Role.AGENT, Role.QA, Role.QA_SUPERVISOR, *TEAM_WORK)),
    Entry("customers:list", _("Customers"), "address-book", (*TEAM_WORK, Role.COMPLAINT)),
    Entry("campaigns:list", _("Campaigns"), "target", (*TEAM_WORK, Role.CLIENT)),
    Entry("callbacks:promises", _("Promises"), "target-arrow", (*TEAM_WORK, Role.CLIENT)),
    Entry("messaging:list", _("Messages"), "mail", (*TEAM_WORK, Role.COMPLAINT)),
    Entry("surveys:list", _("Questionnaires"), "forms", (Role.MANAGER, Role.TRAINER)),
    Entry(
        "knowledge:list",
        _("Knowledge"),
        "book",
        (Role.AGENT, Role.QA, Role.COMPLAINT, Role.TRAINER, *TEAM_WORK),
    ),
    Entry(
        "complaints:issues", _("Issues"), "message-report", (*TEAM_WORK, Role.COMPLAINT, Role.DEPARTMENT), "i"
    ),
    Entry("complaints:list", _("Complaints"), "gavel", (Role.COMPLAINT, *TEAM_WORK)),
    Entry(
        "qa:reviews", _("Quality"), "clipboard-check", (Role.QA, Role.QA_SUPERVISOR, Role.AGENT, *TEAM_WORK)
    ),
    Entry("board:walls", _("Wallboard"), "device-desktop", TEAM_WORK),
    Entry("reports:kpi", _("Reports"), "chart-bar", (*TEAM_WORK, Role.QA_SUPERVISOR, Role.CLIENT), "k"),
    Entry("reports:statements", _("Settlement"), "receipt", (Role.MANAGER, Role.CLIENT)),
    Entry("people:list", _("People"), "users", (Role.LEAD, Role.MANAGER, Role.TRAINER)),
    Entry("jobs", _("Jobs"), "progress-check", (*TEAM_WORK, Role.CLIENT)),
    Entry("customers:protection", _("Data protection"), "shield-lock", (Role.MANAGER,)),
    Entry("admin:index", _("Settings"), "settings", (Role.ADMIN,)),
)


def rail(user, path=""):
    """The entries the person's roles open; the one whose address is the longest prefix of ``path`` is current."""
    scope = user.scope()
    mine = [entry for entry in RAIL if scope.has(*entry.roles)]
    keys = {entry.go: entry for entry in reversed(mine) if entry.go}
    entries = [
        {
            "url": reverse(entry.url),
            "label": entry.label,
            "icon": entry.icon,
            "go": entry.go if keys.get(entry.go) is entry else "",
        }
        for entry in mine
    ]
    here = max(
        (e["url"] for e in entries if e["url"] != "/" and path.startswith(e["url"])), key=len, default=path
    )
    return [entry | {"current": entry["url"] == here} for entry in entries]


def shell(request):
    """Context processor of the base layout: rail, bell, site name and zone."""
    user = getattr(request, "user", None)
    context = {"site_name": settings.SITE_NAME, "site_zone": settings.TIME_ZONE}
    if user is None or not user.is_authenticated or getattr(request, "htmx", False):
        return context
    return context | {"rail": rail(user, request.path), "unread": _unread(user)}


def _unread(user):
    return Notification.objects.visible_to(user).unread().count()
