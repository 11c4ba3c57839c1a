"""Long work: progress, cancel, resume after a crash, and no two workers on one job (reliability R5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from callcenter import jobs
from callcenter.errors import Conflict, Refused
from callcenter.models import Job, Notification
from people.tests.make import make_user

pytestmark = pytest.mark.django_db
LATER = jobs.SILENT_AFTER + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    """Handlers of these tests only; the ring is not heard."""
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs, "ring", lambda: None)


def register(function):
    jobs.handler("test")(function)


def start(owner=None, **fields):
    return jobs.start("test", "一件长工作", owner=owner, now=timezone.now(), **fields)


def run_next(now=None):
    job = jobs.claim(now=now or timezone.now())
    return job and jobs.run(job)


def count_to_three(job, progress):
    for number in range(progress.cursor.get("next", 1), 4):
        progress.save(cursor={"next": number + 1}, done=number, ok=number, total=3)
        progress.stop_if_cancelled()


def test_a_job_runs_and_tells_its_owner_once():
    register(count_to_three)
    owner = make_user()
    job = run_next() if start(owner) else None
    assert (job.state, job.done, job.ok, job.percent) == (Job.State.DONE, 3, 3, 100)
    bell = Notification.objects.get(recipient=owner)
    assert bell.url == f"/jobs/{job.pk}/"
    assert run_next() is None


def test_the_oldest_job_goes_first():
    register(count_to_three)
    now = timezone.now()
    second = jobs.start("test", "b", owner=None, now=now)
    first = jobs.start("test", "a", owner=None, now=now - timedelta(minutes=1))
    assert [run_next().pk, run_next().pk] == [first.pk, second.pk]


def test_rejected_rows_make_a_job_partly_done():
    register(lambda job, progress: progress.save(done=2, ok=1, failed=1, total=2))
    start()
    assert run_next().state == Job.State.PARTLY


def test_cancelling_a_waiting_job_ends_it_at_once():
    register(count_to_three)
    job = start(make_user())
    jobs.cancel(job, by=job.owner, now=timezone.now())
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert run_next() is None


def test_cancelling_a_running_job_stops_it_after_its_chunk():
    def handle(job, progress):
        progress.save(done=1)
        jobs.cancel(Job.objects.get(pk=job.pk), by=None, now=timezone.now())
        progress.stop_if_cancelled()
        raise AssertionError("went on after the cancel")

    register(handle)
    start()
    job = run_next()
    assert (job.state, job.done) == (Job.State.CANCELLED, 1)


def test_an_ended_job_cannot_be_cancelled():
    register(count_to_three)
    start()
    with pytest.raises(Conflict) as caught:
        jobs.cancel(run_next(), by=None, now=timezone.now())
    assert caught.value.code == "job_ended"


def test_a_job_goes_on_from_its_cursor_after_a_crash():
    seen = []

    def handle(job, progress):
        for number in range(progress.cursor.get("next", 1), 4):
            seen.append(number)
            progress.save(cursor={"next": number + 1}, done=number)
            if number == 2 and job.attempts == 1:
                raise KeyboardInterrupt

    register(handle)
    start()
    with pytest.raises(KeyboardInterrupt):
        run_next()
    assert jobs.claim(now=timezone.now()) is None
    job = run_next(timezone.now() + LATER)
    assert seen == [1, 2, 3]
    assert (job.state, job.attempts, job.token) == (Job.State.DONE, 2, 2)


def test_a_superseded_worker_writes_nothing_more():
    def handle(job, progress):
        progress.save(done=1, ok=1)
        other = jobs.claim(now=timezone.now() + LATER)
        Job.objects.filter(pk=other.pk).update(done=50)
        progress.save(done=2, ok=2)
        raise AssertionError("went on although another worker has the job")

    register(handle)
    owner = make_user()
    started = start(owner)
    run_next()
    job = Job.objects.get(pk=started.pk)
    assert (job.state, job.token, job.done, job.ok) == (Job.State.RUNNING, 2, 50, 1)
    assert not Notification.objects.filter(recipient=owner).exists()


def test_a_superseded_worker_cannot_even_finish():
    def handle(job, progress):
        jobs.claim(now=timezone.now() + LATER)

    register(handle)
    started = start()
    run_next()
    assert Job.objects.get(pk=started.pk).state == Job.State.RUNNING


def test_a_job_that_kills_its_workers_stops_after_five_attempts():
    def handle(job, progress):
        raise KeyboardInterrupt

    register(handle)
    started = start(make_user())
    now = timezone.now()
    for _attempt in range(5):
        with pytest.raises(KeyboardInterrupt):
            run_next(now)
        now += LATER
        Job.objects.filter(pk=started.pk).update(heartbeat_at=now - LATER)
    job = run_next(now)
    assert (job.state, job.attempts) == (Job.State.FAILED, 6)
    assert job.message
    assert jobs.claim(now=now + LATER) is None


def test_a_refusal_is_the_jobs_message():
    def handle(job, progress):
        raise Refused("The file has no header.")

    register(handle)
    start()
    job = run_next()
    assert (job.state, job.message) == (Job.State.FAILED, "The file has no header.")


def test_an_unexpected_error_is_kept_out_of_the_message():
    def handle(job, progress):
        raise ZeroDivisionError("secret detail")

    register(handle)
    start(make_user())
    job = run_next()
    assert job.state == Job.State.FAILED
    assert "secret detail" not in job.message
    assert str(job.pk) in job.message


def test_a_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it():
    start()
    assert jobs.claim(now=timezone.now()) is None


def test_run_now_takes_the_job_before_the_worker():
    register(count_to_three)
    job = start()
    assert jobs.run_now(job).state == Job.State.DONE
    with pytest.raises(Job.DoesNotExist):
        jobs.run_now(job)
