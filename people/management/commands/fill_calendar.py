"""Seed a working calendar with a country's public holidays and make-up workdays."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callcenter.workdays import local_day
from people.actions import default_calendar_for, fill_calendar
from people.models import Calendar


class Command(BaseCommand):
    help = (
        "Add the public holidays and make-up workdays of a country to a working calendar. Days already there stay as "
        "they are, so it may run again each year once the government has published the new arrangement."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--calendar", help="name of the calendar (default: the default one, made if missing)"
        )
        parser.add_argument("--years", nargs="+", type=int, help="default: last year, this year and the next")
        parser.add_argument("--country", default="CN", help="ISO code of the country (default: CN)")
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing where there is a calendar already"
        )

    def handle(self, *args, calendar, years, country, if_none, **options):
        if if_none and Calendar.objects.exists():
            return
        year = local_day(timezone.now(), settings.TIME_ZONE).year
        years = years or [year - 1, year, year + 1]
        if not all(1990 <= one <= 2100 for one in years):
            raise CommandError("Years must lie between 1990 and 2100.")
        chosen = self.calendar_named(calendar)
        try:
            added = fill_calendar(calendar=chosen, years=years, country=country.upper())
        except NotImplementedError as error:
            raise CommandError(
                f"There is no list of holidays for {country!r}; use an ISO code such as CN."
            ) from error
        if options["verbosity"]:
            self.stdout.write(f"{chosen.name}: {added} days added for {', '.join(map(str, years))}.")

    def calendar_named(self, name):
        """The calendar of that name, or the default one."""
        if not name:
            return default_calendar_for(zone=settings.TIME_ZONE)
        chosen = Calendar.objects.filter(name=name).first()
        if chosen is None:
            names = ", ".join(Calendar.objects.order_by("name").values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no calendar called {name!r}. Calendars: {names}.")
        return chosen
