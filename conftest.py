"""Shared by every test: the Celery application is loaded, so that tasks run in place."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

import callcenter.celery  # noqa: F401
from callcenter.kept import forget

# A busy machine is slow, not wrong.
# The same code gets the same verdict; to look further: pytest --hypothesis-profile=explore.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", PATIENT, max_examples=1_000)
settings.register_profile("same", PATIENT, derandomize=True)
settings.load_profile("same")


def pytest_collection_modifyitems(items):
    """Every test with real transactions puts the migrations' rows back, or the next one finds tables it did not expect."""
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction") and not mark.kwargs.get("serialized_rollback"):
                raise pytest.UsageError(
                    f"{item.nodeid}: django_db(transaction=True) needs serialized_rollback=True"
                )


@pytest.fixture(autouse=True)
def nothing_kept():
    """No test sees what another has kept for some seconds; ids come again."""
    forget()


@pytest.fixture
def english():
    """Messages in the language in which they are written, for tests that quote them."""
    with translation.override("en"):
        yield
