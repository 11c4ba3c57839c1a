"""Bring an installation to the state in which its processes can start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from callcenter import catalogues, celery_app


class Command(BaseCommand):
    help = (
        "Compile translations, collect static files, migrate the database, create the embedded broker's tables and a "
        "working calendar where there is none. "
        "What is already current is left alone, so it may run before every start."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty database with a demo organisation"
        )

    def handle(self, *args, demo, verbosity, **options):
        catalogues.compile_all(settings.BASE_DIR)
        collect_static()
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.REDIS_URL:
            from callcenter import embedded  # noqa: PLC0415  (SQLAlchemy is loaded only where it is the broker)

            embedded.create_tables(celery_app)
        call_command("fill_calendar", if_none=True, verbosity=verbosity)
        if demo:
            call_command("demo", verbosity=verbosity)


def collect_static():
    """Run ``collectstatic`` when a source file was added, removed or changed since the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())
