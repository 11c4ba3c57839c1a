"""Problem points: what customers complain about, so that many reports of the same thing are seen as one (ISS-1)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized
from people.models import Department


class ProblemPoint(models.Model):
    """A point that many customers may report; the unit of focus issues (ISS-5).

    ``reset_at`` is when the last focus issue of the point was resolved: customers are counted from then on.
    """

    class Category(models.TextChoices):
        ATTITUDE = "attitude", _("attitude")
        FAULT = "fault", _("technical fault")
        PROCESS = "process", _("business process")
        PRODUCT = "product", _("product")
        PRICE = "price", _("price")
        OTHER = "other", _("other")

    name = models.JSONField(_("name"))
    code = models.CharField(_("code"), max_length=40, unique=True)
    category = models.CharField(_("category"), max_length=40, choices=Category, default=Category.OTHER)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    key = models.CharField(_("key on the desk"), max_length=1, blank=True)
    active = models.BooleanField(_("active"), default=True)
    focus_threshold = models.PositiveSmallIntegerField(
        _("focus issue above so many customers"), default=15, help_text=_("Counted once per customer.")
    )
    focus_window_days = models.PositiveSmallIntegerField(
        _("counted over so many days"),
        null=True,
        blank=True,
        help_text=_("Empty: since the last focus issue."),
    )
    reset_at = models.DateTimeField(_("counted since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("problem point")
        verbose_name_plural = _("problem points")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="problem_point_key_once", condition=~Q(key="") & Q(active=True)
            )
        ]

    def __str__(self):
        return localized(self.name)
