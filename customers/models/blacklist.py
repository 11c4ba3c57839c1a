"""The do-not-call list (谢绝来电): who is on it, how far it reaches, who decided (CUS-6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.models import Step
from customers.models.archive import Client, Customer
from customers.models.contact import Purpose
from customers.states import ENTRY_FORBIDS, ENTRY_MOVES, EntryState

OUTSIDERS = {Role.CLIENT, Role.AGENT, Role.DEPARTMENT}


class BlacklistQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries about customers in scope, and numbers without a customer: those concern every team (CUS-6)."""
        scope = user.scope()
        if scope.everything:
            return self
        reached = scope.rows(team="customer__team", unit="customer__unit", client="client")
        staff = not scope.roles <= OUTSIDERS
        return self.filter(reached | Q(customer__isnull=True)) if staff else self.filter(reached)

    def decidable_by(self, user):
        """Entries whose approval or removal the person may decide, as a second person, in scope.

        A lead or manager of the customer; a number alone concerns every team, so it takes a manager.
        """
        scope = user.scope()
        if scope.everything:
            return self
        own = scope.rows(team="customer__team", unit="customer__unit", only=(Role.LEAD, Role.MANAGER))
        return self.filter(own | Q(customer__isnull=True) if Role.MANAGER in scope.roles else own)

    def live(self, now):
        """Entries that are proposed or forbid contacts, and have not run out."""
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(unexpired, state__in=[EntryState.PROPOSED, *ENTRY_FORBIDS])

    def in_force(self, now):
        """Entries that forbid contacts at ``now``: neither only proposed, nor removed, nor run out."""
        return self.live(now).filter(state__in=ENTRY_FORBIDS)

    def to_obey(self):
        """Entries in force whose consequences for waiting tasks the apps above have not drawn yet."""
        return self.filter(state__in=ENTRY_FORBIDS, obeyed_at=None)


class BlacklistEntry(models.Model):
    """A person or a number that may not be contacted: everywhere, for a client, a campaign, or a purpose.

    What is left empty is forbidden altogether. ``source`` names what proposed it ("complaint:7:1"), so that proposing it twice
    is impossible. ``created_by`` proposed or wrote it, ``decided_by`` approved or rejected it; a customer's own wish needs no
    approval. ``removal_by`` asked for its end, ``removed_by`` agreed.
    """

    class Category(models.TextChoices):
        """What people choose from; the apps above may write others."""

        ASKED = "asked", _("asked not to be called")
        COMPLAINT = "complaint", _("after a complaint")
        LEGAL = "legal", _("legal or regulatory")
        INTERNAL = "internal", _("internal decision")

    class Written(models.TextChoices):
        """Categories that a call writes by itself."""

        REQUESTED = "requested", _("asked during a call")
        REFUSALS = "refusals", _("refused three times")

    MOVES = ENTRY_MOVES

    state = models.CharField(_("state"), max_length=16, choices=EntryState, default=EntryState.IN_FORCE)
    number = models.CharField(_("number"), max_length=20, blank=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="blacklist_entries"
    )
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    campaign_code = models.CharField(_("campaign"), max_length=40, blank=True)
    category = models.CharField(_("category"), max_length=40)
    reason = models.CharField(_("reason"), max_length=300)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    removal_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removal_reason = models.CharField(_("reason of the removal"), max_length=300, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # When the apps above took waiting tasks away; the decision itself never waits for it.
    obeyed_at = models.DateTimeField(null=True, blank=True)

    objects = BlacklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("do-not-call entry")
        verbose_name_plural = _("do-not-call list")
        constraints = [
            models.CheckConstraint(
                name="blacklist_names_somebody", condition=~Q(number="") | Q(customer__isnull=False)
            ),
            models.CheckConstraint(
                name="blacklist_decided_by_another",
                condition=Q(decided_by=None) | Q(created_by=None) | ~Q(decided_by=F("created_by")),
            ),
            models.CheckConstraint(
                name="blacklist_removed_by_another",
                condition=Q(removed_by=None) | Q(removal_by=None) | ~Q(removed_by=F("removal_by")),
            ),
            models.UniqueConstraint(fields=["source"], name="blacklist_source_once", condition=~Q(source="")),
        ]
        indexes = [
            models.Index(fields=["number"], name="blacklist_number", condition=~Q(number="")),
            models.Index(
                fields=["id"],
                name="blacklist_to_obey",
                condition=Q(state__in=list(ENTRY_FORBIDS), obeyed_at=None),
            ),
            # The list of what waits for a second person.
            models.Index(
                fields=["-id"],
                name="blacklist_to_decide",
                condition=Q(state__in=[EntryState.PROPOSED, EntryState.REMOVAL_PROPOSED]),
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"

    @property
    def category_label(self):
        """The category in the reader's language, also of entries that a call wrote."""
        known = dict([*self.Category.choices, *self.Written.choices])
        return known.get(self.category, self.category)


class BlacklistStep(Step):
    case = models.ForeignKey(BlacklistEntry, models.CASCADE, related_name="steps")


BlacklistEntry.STEP = BlacklistStep
