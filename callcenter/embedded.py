"""Celery without a server: the broker is an SQLite file in the state folder (embedded mode, DESIGN section 5).

The file is apart from the application's database, so that polling never waits for a business transaction. It carries
only rings of the doorbell: whatever is lost here is only delayed, because the row is the schedule.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from celery import Celery
from kombu.transport.sqlalchemy import Transport
from sqlalchemy import event
from sqlalchemy.engine import Engine

BUSY_SECONDS = 20
# As a transport option this raises TypeError in create_engine; the transport's own 1 s would cap the throughput at
# about one task a second and consumer.
Transport.polling_interval = 0.2


@event.listens_for(Engine, "connect")
def _wait_instead_of_failing(connection, _record) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


def options(file: Path) -> dict:
    """Celery's settings for a broker in ``file``; there is nothing to answer remote control (inspect, Flower)."""
    return {
        "broker_url": f"sqla+sqlite:///{file}",
        "broker_transport_options": {"connect_args": {"timeout": BUSY_SECONDS}},
        "worker_enable_remote_control": False,
    }


def create_tables(app: Celery) -> None:
    """Create the broker's tables and the queue. Two processes doing so at first start would race; call it before."""
    with app.connection_for_write() as connection, connection.channel() as channel:
        channel.queue_declare(app.conf.task_default_queue)


def prune(file: Path) -> int:
    """Delete the messages already handed to a worker, which the transport keeps for ever; return how many."""
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection, connection:
        return connection.execute("DELETE FROM kombu_message WHERE visible = 0").rowcount
