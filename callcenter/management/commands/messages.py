"""Find, convert, compile and check the translations; GNU gettext is not needed."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from callcenter import catalogues


class Command(BaseCommand):
    help = (
        "extract: bring the catalogues in locale/ up to date with the source; hant: fill zh_Hant from zh_Hans; "
        "compile: write the .mo files; check: fail when a translation is missing or wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("step", choices=["extract", "hant", "compile", "check"])
        parser.add_argument("--again", action="store_true", help="hant: convert the translated strings too")

    def handle(self, *args, step, again, **options):
        steps = {"extract": self._extract, "hant": self._hant, "compile": self._compile, "check": self._check}
        steps[step](settings.BASE_DIR, again)

    def _extract(self, root, again):
        for language in catalogues.LANGUAGES:
            catalogue = catalogues.update(root, language)
            self.stdout.write(
                f"{language}: {len(catalogue)} strings, {len(catalogue.untranslated_entries())} to translate"
            )

    def _hant(self, root, again):
        self.stdout.write(f"zh_Hant: {catalogues.fill_traditional(root, again=again)} strings converted")

    def _compile(self, root, again):
        if count := catalogues.compile_all(root):
            self.stdout.write(f"{count} catalogues compiled")

    def _check(self, root, again):
        lines = catalogues.problems(root)
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(
                f"{len(lines)} problems. Run `manage.py messages extract`, translate locale/zh_Hans, then `messages hant`."
            )
