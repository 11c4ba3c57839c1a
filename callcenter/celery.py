"""The Celery application: Redis when ``REDIS_URL`` is set, else a broker in a file (``callcenter.embedded``).

Celery is the doorbell, never the memory: sweeps read due rows, so a wake-up may be lost, doubled or late. Hence no
results, no ``eta`` or ``countdown``, and publishing gives up quickly instead of making a page wait for the broker.
A setting named ``CELERY_<NAME>`` in Django's settings wins over the values here.
"""

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from callcenter.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")

REDIS = {
    "broker_transport_options": {
        # An unacknowledged wake-up comes back after this many seconds.
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
        # A request that publishes while Redis is away must fail within seconds, not wait for its return.
        "socket_connect_timeout": 2,
        "socket_timeout": 3,
        "max_retries": 0,
    },
}


def configuration() -> dict:
    """All Celery settings; read once, when the first process needs them."""
    return {
        "accept_content": ["json"],
        "beat_schedule": beat_schedule(),
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        "task_acks_late": True,
        "task_ignore_result": True,
        "task_publish_retry": False,
        "task_reject_on_worker_lost": True,
        "task_serializer": "json",
        "task_soft_time_limit": 100,
        "task_time_limit": 120,
        "timezone": settings.TIME_ZONE,
        "worker_prefetch_multiplier": 1,
        **_broker(),
    }


def _broker() -> dict:
    if settings.REDIS_URL:
        return {"broker_url": settings.REDIS_URL, **REDIS}
    from callcenter import embedded  # noqa: PLC0415  (SQLAlchemy is loaded only where it is the broker)

    return embedded.options(settings.VAR_DIR / "broker.sqlite3")


@setup_logging.connect
def _keep_django_logging(**_kwargs) -> None:
    """Being connected is enough: Celery then leaves LOGGING of the settings alone."""


app = Celery("callcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(configuration)
app.autodiscover_tasks()


@app.task(name="callcenter.prune_broker")
def prune_broker() -> int:
    """Once a day in embedded mode: forget delivered messages. Redis deletes its own."""
    if settings.REDIS_URL:
        return 0
    from callcenter import embedded  # noqa: PLC0415  (as above)

    return embedded.prune(settings.VAR_DIR / "broker.sqlite3")
