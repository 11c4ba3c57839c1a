"""Shared by every test: the Celery application is loaded, so that tasks run in place."""

import callcenter.celery  # noqa: F401
