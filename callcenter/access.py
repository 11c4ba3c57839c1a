"""Who may do what, on which rows: roles × scope (ORG-1, ORG-2).

A view declares its policy with ``public``, ``signed_in`` or ``roles``; the system check ``access.E001`` fails for a
view that does not. Which rows a person reaches is one gate per model, ``Model.objects.visible_to(user)``, built with
``Scope.rows``.
"""

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core import checks
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import BasePermission


class Role(models.TextChoices):
    AGENT = "agent", gettext_lazy("agent")
    LEAD = "lead", gettext_lazy("team lead")
    QA = "qa", gettext_lazy("QA inspector")
    QA_SUPERVISOR = "qa_supervisor", gettext_lazy("QA supervisor")
    COMPLAINT = "complaint", gettext_lazy("complaint handler")
    DEPARTMENT = "department", gettext_lazy("department responder")
    MANAGER = "manager", gettext_lazy("operations manager")
    TRAINER = "trainer", gettext_lazy("trainer")
    CLIENT = "client", gettext_lazy("client observer")
    ADMIN = "admin", gettext_lazy("administrator")


# Roles that work on the rows of teams, by team or by every team of a unit's subtree.
TEAM_ROLES = frozenset({Role.LEAD, Role.QA, Role.QA_SUPERVISOR, Role.COMPLAINT, Role.MANAGER, Role.TRAINER})
STAFF = (
    Role.LEAD,
    Role.QA,
    Role.QA_SUPERVISOR,
    Role.COMPLAINT,
    Role.MANAGER,
    Role.TRAINER,
    Role.ADMIN,
)
EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Grant:
    """One membership resolved to ids: the role and the rows it reaches."""

    role: str
    unit_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    client_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """What a person may reach, computed once per request by ``User.scope``."""

    user_id: int
    grants: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def everything(self) -> bool:
        return Role.ADMIN in self.roles

    def has(self, *roles) -> bool:
        """Whether the person holds one of the roles; an administrator holds them all."""
        return self.everything or not self.roles.isdisjoint(roles)

    def team_ids(self, *roles) -> frozenset[int]:
        """Teams reached through any of ``roles`` (all roles when none is named). Empty for an administrator too."""
        wanted = set(roles) or set(Role)
        return frozenset().union(*(grant.team_ids for grant in self.grants if grant.role in wanted))

    def rows(self, *, team="", unit="", own="", client="", department="", only=()) -> Q:
        """The condition that keeps the rows this person may see, given the lookups that lead to each owner.

        ``team="task__team"`` and so on; a lookup left empty means that kind of grant reaches no row. Agents reach
        their own rows (``own``); team roles reach the rows of their teams, and of their units where ``unit`` is
        given; client observers and departments theirs. ``only`` narrows to grants of those roles.
        """
        if self.everything:
            # Not Q(): an empty condition vanishes when a caller adds "or my own", and would leave only one's own rows.
            return ~Q(pk__in=[])
        reached = Q(pk__in=[])
        teams: set[int] = set()
        units: set[int] = set()
        for grant in self.grants:
            if only and grant.role not in only:
                continue
            if grant.role in TEAM_ROLES:
                teams |= grant.team_ids
                units |= grant.unit_ids
            elif grant.role == Role.AGENT and own:
                reached |= Q(**{own: self.user_id})
            elif grant.role == Role.CLIENT and client:
                reached |= Q(**{client: grant.client_id})
            elif grant.role == Role.DEPARTMENT and department:
                reached |= Q(**{department: grant.department_id})
        if team and teams:
            reached |= Q(**{f"{team}__in": teams})
        if unit and units:
            reached |= Q(**{f"{unit}__in": units})
        return reached


@dataclass(frozen=True)
class Policy:
    """A view's declared access: ``kind`` is public, signed_in or roles."""

    kind: str
    roles: frozenset[str] = frozenset()
    reason: str = ""

    def allows(self, user) -> bool:
        if self.kind == "public":
            return True
        if not user.is_authenticated:
            return False
        return self.kind == "signed_in" or user.scope().has(*self.roles)


def _declare(view: Any, policy: Policy) -> Any:
    if isinstance(view, type):
        return _with(view, access_policy=policy)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not policy.allows(request.user):
            raise PermissionDenied(
                _("Your role does not include this page. It is for: %(roles)s.")
                % {"roles": ", ".join(str(Role(role).label) for role in sorted(policy.roles))}
            )
        return view(request, *args, **kwargs)

    # Django's LoginRequiredMiddleware reads the second.
    return _with(guarded, access_policy=policy, login_required=policy.kind != "public")


def _with(view: Any, **marks: Any) -> Any:
    """The view with the marks that the gates read."""
    for name, value in marks.items():
        setattr(view, name, value)
    return view


def public(reason: str):
    """Declare a view open to everybody; ``reason`` is why."""
    return lambda view: _declare(view, Policy("public", reason=reason))


def signed_in(view):
    """Declare a view open to every signed-in person (scope still applies to its rows)."""
    return _declare(view, Policy("signed_in"))


def roles(*names):
    """Declare a view (function or API class) open to people who hold one of the roles, and to administrators."""
    return lambda view: _declare(view, Policy("roles", frozenset(names)))


class PolicyPermission(BasePermission):
    """The API's gate: the policy declared on the view class (or per method in ``method_policies``), deny by default."""

    def has_permission(self, request, view):
        policy = getattr(view, "method_policies", {}).get(request.method) or getattr(
            view, "access_policy", None
        )
        if policy is None or not policy.allows(request.user):
            return False
        return request.user.is_authenticated or policy.kind == "public"


def policy_of(callback) -> Policy | None:
    """The policy a URL's callback declares, or None."""
    if hasattr(callback, "admin_site") or hasattr(callback, "model_admin"):
        return Policy("roles", frozenset({Role.ADMIN}))
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    return getattr(callback, "access_policy", None) or getattr(view, "access_policy", None)


def every_url(resolver=None, prefix=""):
    """Yield ``(route, URLPattern)`` for every URL of the project."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_url(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


@checks.register(checks.Tags.security)
def every_url_declares_its_policy(app_configs, **kwargs):
    """System check: a URL whose view declares no policy is an error."""
    return [
        checks.Error(
            f"/{route} declares no access policy.",
            hint="Decorate its view with callcenter.access.public, signed_in or roles.",
            id="access.E001",
        )
        for route, entry in every_url()
        if policy_of(entry.callback) is None
    ]
