"""The doorbell: what beat rings exists, nothing is scheduled in the broker, the embedded broker keeps its rules."""

import re
import socket
import sqlite3
import time

import pytest
from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import OperationalError

from callcenter import embedded, schedule
from callcenter.celery import REDIS, app, configuration


def test_schedule_names_only_registered_tasks():
    app.loader.import_default_modules()
    assert sorted(ring.task for ring in schedule.RINGS if ring.task not in app.tasks) == []


def test_schedule_names_each_task_once():
    names = [ring.task for ring in schedule.RINGS]
    assert sorted(names) == sorted(set(names))


def test_schedule_rings_expire_with_their_period():
    assert schedule.every(30, "x") == schedule.Ring("x", 30, 30)
    assert schedule.daily("03:40", "x") == schedule.Ring("x", crontab(hour=3, minute=40), 86_400)
    assert schedule.weekly("mon", "07:05", "x").expires == 7 * 86_400
    assert schedule.monthly(1, "02:00", "x").when == crontab(day_of_month=1, hour=2, minute=0)


def test_no_business_time_is_kept_in_the_broker():
    """A due time is a column; an eta or a countdown dies with the broker (DESIGN section 2)."""
    pattern = re.compile(r"\b(eta|countdown)\s*=")
    sources = [path for path in settings.BASE_DIR.glob("[a-z]*/**/*.py") if "tests" not in path.parts]
    assert len(sources) > 20
    assert [str(path) for path in sources if pattern.search(path.read_text())] == []


def test_configuration_switches_to_redis_by_its_address(settings):
    settings.REDIS_URL = "redis://127.0.0.1:6379/9"
    there = configuration()
    settings.REDIS_URL = ""
    here = configuration()
    assert there["broker_url"] == "redis://127.0.0.1:6379/9"
    assert there["broker_transport_options"] == REDIS["broker_transport_options"]
    assert here["broker_url"].startswith("sqla+sqlite:///")
    assert here["worker_enable_remote_control"] is False


@pytest.fixture
def broker(tmp_path):
    file = tmp_path / "broker.sqlite3"
    celery = Celery("scratch", set_as_current=False)
    celery.conf.update(embedded.options(file), task_publish_retry=False)
    embedded.create_tables(celery)
    return celery, file


def test_embedded_broker_keeps_a_message_until_it_is_read_and_prunes_it_after(broker):
    celery, file = broker
    celery.send_task("ring")
    assert embedded.prune(file) == 0
    with celery.connection_for_read() as connection:
        message = connection.default_channel.basic_get("celery")
        assert message.headers["task"] == "ring"
        message.ack()
    assert embedded.prune(file) == 1
    assert embedded.prune(file) == 0


def test_embedded_broker_file_is_in_wal_mode_and_its_tables_may_be_created_again(broker):
    celery, file = broker
    embedded.create_tables(celery)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT name FROM kombu_queue").fetchall() == [("celery",)]


@pytest.mark.parametrize("backlog", [None, 5], ids=["nothing listens", "the server never answers"])
def test_publishing_gives_up_within_seconds_while_redis_is_away(backlog):
    """A page that rings must never wait for the broker's return."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if backlog:
            server.listen(backlog)
        celery = Celery("scratch", set_as_current=False)
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        celery.conf.update(REDIS, broker_url=address, task_publish_retry=False)
        started = time.monotonic()
        with pytest.raises(OperationalError):
            celery.send_task("ring")
    assert time.monotonic() - started < 6
