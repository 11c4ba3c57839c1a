"""Working calendars: weekly ranges plus dated holidays and make-up workdays (domain.md section 4, rule 16)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


def office_week():
    """Monday to Friday, the four ranges of the default day (ORG-4)."""
    day = [["09:00", "11:30"], ["13:00", "17:00"]]
    return [day, day, day, day, day, [], []]


class Calendar(models.Model):
    """``weekly`` holds, for Monday … Sunday, the list of ``["HH:MM", "HH:MM"]`` ranges in ``zone``."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    weekly = models.JSONField(_("weekly ranges"), default=office_week)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], name="one_default_calendar", condition=models.Q(is_default=True)
            )
        ]

    def __str__(self):
        return self.name


class CalendarDay(models.Model):
    """A dated exception: a public holiday, or a make-up workday (调休)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        WORKDAY = "workday", _("make-up workday")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=80, blank=True)
    ranges = models.JSONField(_("ranges"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"
