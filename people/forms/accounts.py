"""What people type about themselves, how the list of people is filtered, and how working hours are written."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from people.models import Calendar, CalendarDay, Team, User
from people.models.calendars import hours_error
from people.rules import BadHours, parse_hours, show_hours


def language_field():
    """The interface language of a person; empty means as in the browser (ux.md section 10)."""
    choices = [("", _("as in the browser")), *settings.LANGUAGES]
    return forms.ChoiceField(label=_("Language"), required=False, choices=choices)


class AccountForm(forms.ModelForm):
    """A person's own preferences (ux.md sections 3.3 and 10)."""

    language = language_field()

    class Meta:
        model = User
        fields = ["language", "keyboard_commands", "dial_scheme"]
        labels = {
            "keyboard_commands": _("Single-key commands on the desk"),
            "dial_scheme": _("Dial with"),
        }
        help_texts = {
            "keyboard_commands": _("Letters such as H, I or C act at once while no text box has the focus."),
            "dial_scheme": _("What opens when you dial: the program that this computer has for such links."),
        }


class PeopleFilter(forms.Form):
    """Search and filters of the list of people; nonsense values simply do not filter."""

    q = forms.CharField(label=_("Name, sign-in name or employee number"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    team = forms.ModelChoiceField(
        label=_("Team"), required=False, queryset=Team.objects.none(), empty_label=_("all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).order_by("name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.people_list``."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in ("q", "role", "team")}


class HoursField(forms.CharField):
    """Working hours as people write them: ``09:00-11:30, 13:00-17:00``; nothing for a free day."""

    def prepare_value(self, value):
        return show_hours(value) if isinstance(value, list) else value

    def to_python(self, value):
        try:
            return parse_hours(super().to_python(value))
        except BadHours as error:
            raise hours_error(error) from error


class CalendarForm(forms.ModelForm):
    """A working calendar with one line of hours per weekday instead of the stored JSON."""

    DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    monday = HoursField(
        label=_("Monday"),
        required=False,
        help_text=_(
            "For example 09:00-11:30, 13:00-17:00; empty for a free day. A range may end on the next day."
        ),
    )
    tuesday = HoursField(label=_("Tuesday"), required=False)
    wednesday = HoursField(label=_("Wednesday"), required=False)
    thursday = HoursField(label=_("Thursday"), required=False)
    friday = HoursField(label=_("Friday"), required=False)
    saturday = HoursField(label=_("Saturday"), required=False)
    sunday = HoursField(label=_("Sunday"), required=False)

    class Meta:
        model = Calendar
        fields = ["name", "zone", "is_default"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day, hours in zip(self.DAYS, self.instance.weekly, strict=False):
            self.fields[day].initial = hours

    def save(self, commit=True):
        self.instance.weekly = [self.cleaned_data[day] for day in self.DAYS]
        return super().save(commit)


class CalendarDayForm(forms.ModelForm):
    """A dated exception of a calendar."""

    ranges = HoursField(
        label=_("Hours"),
        required=False,
        help_text=_("Only for a workday; empty: those of an ordinary working day."),
    )

    class Meta:
        model = CalendarDay
        fields = ["calendar", "day", "kind", "name", "ranges"]

    def clean_ranges(self):
        return self.cleaned_data["ranges"] or None
