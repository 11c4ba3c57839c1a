"""Duplicates: pairs that look like one customer, and the merges that made them one (CUS-1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.archive import Customer


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pairs of which the person reaches both records."""
        reached = Customer.objects.visible_to(user).values("pk")
        return self if user.scope().everything else self.filter(first__in=reached, second__in=reached)

    def open(self):
        """Pairs that nobody has judged yet, of records that both still stand for themselves."""
        return self.filter(dismissed_at=None, first__merged_into=None, second__merged_into=None)


class DuplicatePair(models.Model):
    """Two customers of one client that share a number or an e-mail; found by a sweep, judged by a person."""

    class Reason(models.IntegerChoices):
        """The surer, the smaller."""

        NAME_AND_NUMBER = 1, _("same name and number")
        NAME_AND_EMAIL = 2, _("same name and e-mail")
        NUMBER = 3, _("same number")
        EMAIL = 4, _("same e-mail")

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reason = models.PositiveSmallIntegerField(_("reason"), choices=Reason)
    found_at = models.DateTimeField(_("found"))
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=Q(first__lt=F("second"))),
        ]
        indexes = [
            models.Index(fields=["reason", "-id"], name="duplicate_pair_open", condition=Q(dismissed_at=None))
        ]

    def __str__(self):
        return f"{self.first_id} = {self.second_id}"


class Merge(models.Model):
    """One merge: which record became part of which, and every row it changed, so that it can be undone (CUS-1).

    ``journal`` is the list of changes in the order they were made (``actions.merging.journal`` reads and writes it);
    ``rows_after`` how many rows of each kind the survivor had then: more of them later are an obstacle to undoing.
    """

    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    loser = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    undo_until = models.DateTimeField(_("can be undone until"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    journal = models.JSONField(default=list)
    rows_after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [
            models.Index(fields=["survivor", "-id"], name="merge_of_survivor"),
        ]

    def __str__(self):
        return f"{self.loser_id} → {self.survivor_id}"
