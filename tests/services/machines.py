"""Real processes for the services tests: a database of their own, a Redis of their own, workers that can be killed.

Every process started here is killed by its own pid and no other; nothing outside is touched.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent.parent


def is_postgresql() -> bool:
    """Whether the suite runs on PostgreSQL, which these tests need."""
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


@contextmanager
def own_database(name):
    """Create a database beside the configured one, migrate it, give its URL, drop it at the end."""
    server = settings.DATABASES["default"]
    login = {"host": server["HOST"], "port": server["PORT"] or 5432, "user": server["USER"]}
    if server["PASSWORD"]:
        login["password"] = server["PASSWORD"]
    secret = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
    url = f"postgres://{login['user']}{secret}@{login['host']}:{login['port']}/{name}"
    connection = psycopg2.connect(dbname="postgres", **login)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """One process that can be started, killed with SIGKILL and started again."""

    def __init__(self, command, *, environment, log):
        self.command, self.environment, self.log = command, environment, log
        self.process, self.starts = None, 0

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.starts += 1
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9, as a machine that loses its power."""
        if self.alive:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()


def redis_machine(port, folder):
    """A Redis without any persistence: what it held is gone when it dies."""
    binary = shutil.which("redis-server")
    assert binary, "redis-server is not installed; the services tests start one of their own"
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Machine(command, environment=dict(os.environ), log=folder / "redis.log")


def worker_machine(environment, folder, number):
    """A worker started by the very command of deploy/Procfile."""
    line = parse_procfile((ROOT / "deploy" / "Procfile").read_text()).processes["worker"]
    return Machine(["/bin/sh", "-c", line], environment=environment, log=folder / f"worker{number}.log")


def environment_of(*, database_url, redis_url, folder) -> dict:
    """The environment of the product's processes in these tests: production settings, nothing shared."""
    return dict(
        os.environ,
        DATABASE_URL=database_url,
        REDIS_URL=redis_url,
        CALLCENTER_VAR=str(folder),
        DJANGO_SETTINGS_MODULE="callcenter.settings",
        WORKER_THREADS="4",
        PATH=str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""),
        LOG_LEVEL="WARNING",
    )


def run_python(arguments, environment) -> str:
    """Run this project's Python and give its output; raises with the output when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_until(condition, seconds, what):
    """Poll until ``condition()`` is true; fails with ``what`` after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")
