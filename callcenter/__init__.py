"""Settings, URLs and Celery on top; the small kernel that every app shares underneath."""

from callcenter.celery import app as celery_app

# Loaded with the package, so that a task published from any process goes to this application's broker.
__all__ = ["celery_app"]
