"""Shared by every test: the Celery application is loaded, so that tasks run in place."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

import callcenter.celery  # noqa: F401

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def english():
    """Messages in the language in which they are written, for tests that quote them."""
    with translation.override("en"):
        yield
