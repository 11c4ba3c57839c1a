"""No promised call is lost, made twice or made early, whatever dies (reliability R1, R2; R-01).

Real PostgreSQL, a Redis without persistence, the workers of deploy/Procfile. Workers and Redis are killed with SIGKILL
while the promises are worked off. Sizes come from the environment: CHAOS_ROWS, CHAOS_WORKER_KILLS, CHAOS_REDIS_KILLS.
"""

import json
import os
import random
import time
from contextlib import closing

import psycopg2
import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from tests.services.machines import (
    environment_of,
    free_port,
    is_postgresql,
    own_database,
    redis_machine,
    run_python,
    wait_until,
    worker_machine,
)

ROWS = int(os.environ.get("CHAOS_ROWS", "1000"))
WORKER_KILLS = int(os.environ.get("CHAOS_WORKER_KILLS", "6"))
REDIS_KILLS = int(os.environ.get("CHAOS_REDIS_KILLS", "1"))
WORKERS = 2
RECOVERY = 300  # everything due is done within five minutes of the last kill

pytestmark = pytest.mark.services


class Floor:
    """Redis, workers and the bell; keeps what dies running, as a supervisor does."""

    def __init__(self, database_url, folder):
        port = free_port()
        self.environment = environment_of(
            database_url=database_url, redis_url=f"redis://127.0.0.1:{port}/0", folder=folder
        )
        self.redis = redis_machine(port, folder)
        self.workers = [worker_machine(self.environment, folder, number) for number in range(WORKERS)]
        self.bell = Celery("bell", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
        self.bell.conf.broker_transport_options = {
            "max_retries": 0,
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
        }
        self.rings = self.rings_lost = 0

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        for machine in [*self.workers, self.redis]:
            machine.kill()

    def ring(self):
        """Ring as beat does, only oftener; with Redis away the ring is lost, and nothing else."""
        self.rings += 1
        try:
            with self.bell.connection_for_write() as connection:
                self.bell.send_task(
                    "complaints.open_second_contacts", expires=5, retry=False, connection=connection
                )
        except (OperationalError, OSError):
            self.rings_lost += 1

    def revive(self):
        for machine in [self.redis, *self.workers]:
            if not machine.alive:
                machine.start()


def done_so_far(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM complaints_secondcontact WHERE state = 'planned'")
        return cursor.fetchone()[0]


def kill_through(floor, connection, due, chance):
    """Kill at even steps of the work done, so that every kill hits workers in the middle of it."""
    kills = ["worker"] * WORKER_KILLS + ["redis"] * REDIS_KILLS
    chance.shuffle(kills)
    steps = [due * (number + 1) // (len(kills) + 1) for number in range(len(kills))]
    patience = time.monotonic() + RECOVERY + ROWS / 10
    for what, step in zip(kills, steps, strict=True):
        while done_so_far(connection) < step:
            assert time.monotonic() < patience, f"stood still before step {step}"
            floor.ring()
            floor.revive()
            time.sleep(0.1)
        victim = floor.redis if what == "redis" else chance.choice([w for w in floor.workers if w.alive])
        victim.kill()
        if what == "redis":
            floor.ring()
            time.sleep(1)
    floor.revive()


def test_second_contacts_survive_killed_workers_and_broker(tmp_path):
    if not is_postgresql():
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    chance = random.Random(20_261_121)
    seconds = max(10, ROWS // 100)
    with own_database(f"callcenter_chaos_{os.getpid()}") as url, Floor(url, tmp_path) as floor:
        for worker in floor.workers:
            worker.kill()
        run_python(["manage.py", "migrate", "-v", "0"], floor.environment)
        program = ["-m", "tests.services.second_contacts"]
        seeded = json.loads(run_python([*program, "seed", str(ROWS), str(seconds)], floor.environment))
        started = time.monotonic()
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            floor.revive()
            kill_through(floor, connection, seeded["due"], chance)
            last_kill = time.monotonic()

            def all_done():
                floor.ring()
                floor.revive()
                return done_so_far(connection) >= seeded["due"]

            wait_until(all_done, RECOVERY, "all promises that are due are tasks")
            ended = time.monotonic()
            # Rings still under way must change nothing more.
            for _ring in range(20):
                floor.ring()
                time.sleep(0.1)
        report = json.loads(run_python([*program, "audit"], floor.environment))
        report |= {
            "rows": seeded["promised"],
            "due": seeded["due"],
            "worker_kills": WORKER_KILLS,
            "redis_kills": REDIS_KILLS,
            "rings": floor.rings,
            "rings_lost": floor.rings_lost,
            "worker_starts": sum(worker.starts for worker in floor.workers),
            "seconds": round(ended - started, 1),
            "seconds_after_last_kill": round(ended - last_kill, 1),
        }
    if target := os.environ.get("CHAOS_REPORT"):
        with open(target, "w") as file:
            json.dump(report, file, indent=1)
    zero = {name: report[name] for name in ("lost", "duplicated", "early", "half_done", "stuck")}
    assert zero == dict.fromkeys(zero, 0), report
    assert report["done"] == seeded["due"], report
