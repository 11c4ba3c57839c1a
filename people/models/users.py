"""The person who signs in."""

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Grant, Scope

EXTENSION = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9_-]*\Z", _("An extension has letters, digits, “-” and “_”.")
)


class DialScheme(models.TextChoices):
    """The kind of link that dials a number; "" is what the installation has chosen."""

    INSTALLATION = "", _("as set up for everybody")
    TEL = "tel", _("tel: the telephone of this computer")
    SIP = "sip", _("sip: a softphone")


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People of the teams and units in scope; everybody sees themselves (ORG-1)."""
        scope = user.scope()
        reached = scope.rows(team="memberships__team", unit="memberships__unit")
        return self.filter(reached | Q(pk=user.pk)).distinct()

    def holding(self, *roles):
        """Active people with a membership in one of ``roles``."""
        return self.filter(is_active=True, memberships__role__in=roles).distinct()


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    """Django's creation of users plus the gate of scope."""


class User(AbstractUser):
    """A member of staff, or a client's observer. ``full_name`` is shown, ``username`` signs in."""

    first_name = last_name = None
    full_name = models.CharField(_("name"), max_length=80)
    employee_no = models.CharField(_("employee number"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    keyboard_commands = models.BooleanField(_("single-key commands"), default=True)
    # How the desk dials (CB-13): the phone a telephone system rings first, and the kind of link a number is.
    extension = models.CharField(_("extension"), max_length=20, blank=True, validators=[EXTENSION])
    dial_scheme = models.CharField(_("click-to-dial"), max_length=4, choices=DialScheme, blank=True)
    # The person's own keys of the desk's commands, {command: key}; what is not in it has its usual key (WCAG 2.1.4).
    desk_keys = models.JSONField(_("own keys on the desk"), default=dict, blank=True, editable=False)

    objects = UserManager()
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name

    def has_perm(self, perm, obj=None):
        """Django's admin asks this. Roles are the only source of rights: an administrator has all, others none."""
        return self.scope().everything

    def has_perms(self, perm_list, obj=None):
        return self.scope().everything

    def has_module_perms(self, app_label):
        return self.scope().everything

    def scope(self) -> Scope:
        """Roles and reachable units, teams, client and department; two queries, once per request (ORG-2)."""
        if not hasattr(self, "_scope"):
            self._scope = Scope(self.pk, tuple(self._grants()))
        return self._scope

    def _grants(self):
        memberships = list(self.memberships.select_related("unit").order_by("id")) if self.is_active else []
        if self.is_active and self.is_superuser:
            yield Grant(role="admin")
        units = [m.unit.path for m in memberships if m.unit_id and not m.team_id]
        below = self._units_below(units)
        for membership in memberships:
            unit_ids, team_ids = frozenset(), frozenset()
            if membership.team_id:
                team_ids = frozenset({membership.team_id})
            elif membership.unit_id:
                rows = [row for row in below if row["path"].startswith(membership.unit.path)]
                unit_ids = frozenset(row["id"] for row in rows)
                team_ids = frozenset(row["teams__id"] for row in rows if row["teams__id"])
            yield Grant(membership.role, unit_ids, team_ids, membership.client_id, membership.department_id)

    @staticmethod
    def _units_below(paths):
        from people.models.organisation import Unit  # noqa: PLC0415  (organisation refers to users)

        if not paths:
            return []
        reached = Q()
        for path in paths:
            reached |= Q(path__startswith=path)
        return list(Unit.objects.filter(reached).values("id", "path", "teams__id").order_by("id"))
