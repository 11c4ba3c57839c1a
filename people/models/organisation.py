"""Units, teams, memberships and responsible departments (ORG-1 … ORG-3)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(unit="pk", team="teams")).distinct()


class Unit(models.Model):
    """A node of the organisation tree. ``path`` is ``/1/4/9/``: a subtree is a prefix."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=30, unique=True)
    level = models.CharField(_("level"), max_length=30, blank=True)
    path = models.CharField(max_length=200, db_index=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self):
        return self.name

    def clean(self):
        """A unit cannot hang below itself."""
        if self.pk and self.parent and self.path and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A unit cannot hang below itself. Choose another parent.")})

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Keep ``path`` right for the unit and, when it has moved, for everything below it."""
        super().save(*args, **kwargs)
        was, path = self.path, f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path == was:
            return
        self.path = path
        super().save(update_fields=["path"])
        if was:
            below = Unit.objects.filter(path__startswith=was).exclude(pk=self.pk)
            below.update(path=Concat(Value(path), Substr("path", len(was) + 1)))


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = user.scope()
        return self if scope.everything else self.filter(pk__in=scope.team_ids())


class Team(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="teams", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=30, unique=True)
    calendar = models.ForeignKey(
        "people.Calendar", models.PROTECT, null=True, blank=True, verbose_name=_("calendar")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self):
        return self.name


class Department(models.Model):
    """A responsible department (责任部门) that answers for issues."""

    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=30, unique=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self):
        return self.name


class DepartmentContact(models.Model):
    """Who answers at each escalation level: 1, 2, 3 and the head (4)."""

    class Level(models.IntegerChoices):
        FIRST = 1, _("level 1")
        SECOND = 2, _("level 2")
        THIRD = 3, _("level 3")
        HEAD = 4, _("head")

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="contacts", verbose_name=_("department")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="department_contacts", verbose_name=_("user")
    )

    class Meta:
        verbose_name = _("department contact")
        verbose_name_plural = _("department contacts")
        constraints = [models.UniqueConstraint(fields=["department", "level"], name="one_contact_per_level")]

    def __str__(self):
        return f"{self.department} · {self.get_level_display()} · {self.user}"


class Membership(models.Model):
    """One role of one person, and where it counts: a team, a unit's subtree, a client or a department."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("team")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("department"),
    )
    # The client's table belongs to a higher app; its id is enough to filter by.
    client_id = models.PositiveBigIntegerField(
        _("client number"),
        null=True,
        blank=True,
        help_text=_(
            "For a client observer: the number in the address of the client's page in the administration."
        ),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("team_id", 0),
                Coalesce("unit_id", 0),
                Coalesce("department_id", 0),
                Coalesce("client_id", 0),
                name="membership_once",
                violation_error_message=_("This person holds this role in this place already."),
            ),
            models.CheckConstraint(
                name="membership_has_its_place",
                violation_error_message=_(
                    "An agent needs a team, a department responder a department, a client observer a client; "
                    "every other role except the administrator needs a team or a unit."
                ),
                condition=Q(role=Role.ADMIN)
                | Q(role=Role.CLIENT, client_id__isnull=False)
                | Q(role=Role.DEPARTMENT, department__isnull=False)
                | Q(role=Role.AGENT, team__isnull=False)
                | (
                    ~Q(role__in=[Role.ADMIN, Role.CLIENT, Role.DEPARTMENT, Role.AGENT])
                    & (Q(team__isnull=False) | Q(unit__isnull=False))
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"
