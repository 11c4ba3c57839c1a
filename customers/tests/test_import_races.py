"""Real threads and a real kill against PostgreSQL: two imports of the same people, and a worker that dies (CUS-3)."""

import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from callcenter import jobs
from callcenter.models import Job
from customers.actions import imports
from customers.models import Customer, Phone
from customers.tests.make import make_client, make_unit
from customers.tests.test_imports import PLAIN, lines, write

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.fail("needs PostgreSQL: set DATABASE_URL")


def test_two_imports_of_the_same_people_at_once_add_each_once(tmp_path):
    client, unit, people = make_client(), make_unit(), 400
    rows = [f",客户{number},{13800000000 + number}" for number in range(people)]
    paths = [write(tmp_path, rows, name="one.csv"), write(tmp_path, list(reversed(rows)), name="two.csv")]
    begun = [
        imports.import_file(
            path=path, client=client, unit=unit, mapping=PLAIN, duplicates="skip", now=timezone.now()
        )
        for path in paths
    ]
    start, results = threading.Barrier(2), []

    def work(job):
        try:
            start.wait()
            results.append(jobs.run(job).result)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(job,)) for _batch, job in begun]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Customer.objects.filter(client=client).count() == Phone.objects.count() == people
    assert sum(result["accepted"] for result in results) == people
    assert sum(result["duplicate"] for result in results) == people


WORKER = """
    import django
    django.setup()
    from django.db import connections
    connections["default"].settings_dict["NAME"] = {database!r}
    from django.utils import timezone
    from callcenter import jobs
    from customers.actions import imports
    from customers.actions.imports import job as pipeline, staging
    pipeline.CHUNK = staging.CHUNK = 500
    jobs.run(jobs.claim(now=timezone.now()))
"""


@pytest.mark.parametrize("after", [0.3, 0.8, 1.5])
def test_import_survives_kill_9_of_its_worker(tmp_path, after):
    client, people = make_client(), 20_000
    batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, people + 1))),
        client=client,
        unit=make_unit(),
        mapping=PLAIN,
        duplicates="skip",
        now=timezone.now(),
    )
    Job.objects.filter(pk=job.pk).update(state="queued")
    code = textwrap.dedent(WORKER).format(database=connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ}, cwd=settings.BASE_DIR)
    deadline = time.monotonic() + 60
    while not Job.objects.filter(pk=job.pk, done__gt=0).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(after)
    worker.kill()
    worker.wait()
    Job.objects.filter(pk=job.pk, state="running").update(heartbeat_at=timezone.now() - 2 * jobs.SILENT_AFTER)
    while (taken := jobs.claim(now=timezone.now())) is not None:
        jobs.run(taken)
    job.refresh_from_db()
    assert job.result["accepted"] == people
    assert Customer.objects.filter(client=client).count() == Phone.objects.count() == people
    assert batch.pk
