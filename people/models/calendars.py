"""Working calendars: weekly ranges plus dated holidays and make-up workdays (domain.md section 4, rule 16)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.workdays import UnknownZone, zone_of
from people.rules import BadHours, check_hours, check_week

BAD_HOURS = {
    "unreadable": _("“%(part)s” is not a range of hours. Write for example 09:00-11:30, 13:00-17:00."),
    "overlap": _("The range that starts at %(part)s overlaps another one. Correct the hours."),
    "not_a_week": _("A week needs seven lists of hours, Monday first."),
}


def hours_error(error: BadHours) -> ValidationError:
    """What is wrong with the hours, for the person who typed them."""
    return ValidationError(BAD_HOURS[error.code], code=error.code, params={"part": error.part})


def validate_week(weekly):
    try:
        check_week(weekly)
    except BadHours as error:
        raise hours_error(error) from error


def validate_hours(pairs):
    try:
        check_hours(pairs)
    except BadHours as error:
        raise hours_error(error) from error


def validate_zone(name):
    try:
        zone_of(name)
    except UnknownZone as error:
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Use an IANA name such as Asia/Shanghai."), params={"zone": name}
        ) from error


def office_week():
    """Monday to Friday, the four ranges of the default day (ORG-4)."""
    day = [["09:00", "11:30"], ["13:00", "17:00"]]
    return [day, day, day, day, day, [], []]


class Calendar(models.Model):
    """``weekly`` holds, for Monday … Sunday, the list of ``["HH:MM", "HH:MM"]`` ranges in ``zone``."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_zone]
    )
    weekly = models.JSONField(_("weekly ranges"), default=office_week, validators=[validate_week])
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                name="one_default_calendar",
                condition=models.Q(is_default=True),
                violation_error_message=_(
                    "Another calendar is the default already. Take the mark from it first."
                ),
            )
        ]

    def __str__(self):
        return self.name


class CalendarDay(models.Model):
    """A dated exception: a public holiday, or a make-up workday (调休)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        WORKDAY = "workday", _("make-up workday")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days", verbose_name=_("calendar"))
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=80, blank=True)
    ranges = models.JSONField(_("ranges"), null=True, blank=True, validators=[validate_hours])

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="calendar_day_once",
                violation_error_message=_("This day is in the calendar already. Change that row instead."),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"
