"""A PostgreSQL database of its own for one measurement, created before and dropped after it.

The server is the one of ``DATABASE_URL`` (default postgres://postgres@127.0.0.1:5432/postgres); what it holds is never
touched. Import this module, and call ``prepare``, before anything of Django.
"""

import atexit
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


def prepare(name: str, *, keep: bool = False) -> str:
    """Create and migrate the database ``name``_<pid>, set Django up on it; dropped at exit unless ``keep``."""
    name = f"{name}_{os.getpid()}"
    _run(f'CREATE DATABASE "{name}"')
    if not keep:
        atexit.register(_drop, name, os.getpid())
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    parts = urlsplit(SERVER)
    os.environ["DATABASE_URL"] = parts._replace(path=f"/{name}").geturl()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    sys.path.insert(0, str(ROOT))
    subprocess.run(
        [sys.executable, ROOT / "manage.py", "migrate", "--verbosity", "0", "--skip-checks"], check=True
    )
    import django

    django.setup()
    return name


def copy(name: str, target: str) -> None:
    """Another database like ``name``, which nobody may be using at this moment; dropped at exit."""
    if "django.db" in sys.modules:
        sys.modules["django.db"].connections.close_all()
    _run(f'CREATE DATABASE "{target}" TEMPLATE "{name}"')
    atexit.register(_drop, target, os.getpid())


def _drop(name, pid):
    if os.getpid() != pid:
        return
    # At the end of the process nothing may be imported any more; a database of Django's exists only if it was.
    if "django.db" in sys.modules:
        sys.modules["django.db"].connections.close_all()
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(statement):
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def multiply(row, rows: str, params=(), /, **expressions) -> None:
    """Insert copies of a saved row, one for each row of the SQL ``rows`` (aliased ``s``).

    ``expressions`` are SQL over ``s`` for the columns that differ. Written so that a new column of a model needs no change here.
    """
    from django.db import connection

    model = type(row)
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(expressions.get(column, f"t.{column}") for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {rows}, {table} t WHERE t.id = {row.pk}",
            params or None,
        )
