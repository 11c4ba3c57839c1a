"""A floor under load: agents at human pace and boards, against gunicorn and PostgreSQL on this machine (performance 7).

    python bench/desk.py                 100 agents, 10 boards, 10 minutes
    python bench/desk.py --minutes 1     the same, shorter
    python bench/desk.py --pace 3        three times as fast as people are

Each agent claims, dials, is answered or not, drafts answers, hangs up, saves, and brings the next task in the same answer;
its page shows a sign of life and renews its lease as a browser does. Each board asks every 2.5 s with the mark it has.
Printed: server time (gunicorn's own clock) and the time the client saw, at the 95th percentile; tasks handed out twice,
answers lost, errors, and how old what the boards showed was. The exit status is 1 when a goal is missed.
"""

import argparse
import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import database

CSRF = "0123456789abcdefghijklmnopqrstuv"
GOALS = {"next": 0.080, "save": 0.120}
TOKEN = re.compile(r'name="token" value="(\d+)"')
UUIDS = re.compile(r'name="(client_uuid|issue_uuid)" value="([0-9a-f-]{36})"')
TASK = re.compile(r"/desk/(\d+)/draft/")
PHONE = re.compile(r'name="phone_id" value="(\d+)"')
ITEM = re.compile(r'data-item="(\d+)"')
STATE = re.compile(r'data-state="([a-z]+)"')


def fill(agents, tasks):
    """An organisation with ten teams, a campaign with a questionnaire, and so many ready tasks; returns people and teams."""
    from django.utils import timezone

    from callbacks.models import Queue, Task
    from callcenter.access import Role
    from campaigns.models import Account, Campaign
    from customers.models import CallingWindow, Client, Customer, DayType, Phone
    from people.models import Calendar, Membership, Team, Unit, User
    from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion

    now = timezone.now()
    unit = Unit.objects.create(name="bench", code="B")
    teams = [Team.objects.create(unit=unit, name=f"Team {n}", code=f"B{n}") for n in range(10)]
    for day_type in DayType:
        CallingWindow.objects.update_or_create(
            purpose="", region=None, day_type=day_type, defaults={"ranges": [["00:00", "00:00"]]}
        )
    client = Client.objects.create(name="bench", code="B")
    version = QuestionnaireVersion.objects.create(
        questionnaire=Questionnaire.objects.create(name="bench", code="B"),
        number=1,
        created_at=now,
        published_at=now,
    )
    for place in range(1, 7):
        options = [
            {"value": str(n), "text": {"zh-hans": str(n), "zh-hant": str(n), "en": str(n)}}
            for n in range(1, 6)
        ]
        text = {"zh-hans": f"问题{place}", "zh-hant": f"問題{place}", "en": f"Question {place}"}
        question = Question.objects.create(code=f"B{place}", text=text, kind="scale5", options=options)
        Item.objects.create(version=version, position=place, question=question)
    campaign = Campaign.objects.create(
        client=client,
        name="bench",
        code="B",
        kind="satisfaction",
        state="running",
        starts_on=now.date(),
        calendar=Calendar.objects.filter(is_default=True).first()
        or Calendar.objects.create(name="bench", is_default=True),
        questionnaire=version,
        created_at=now,
    )
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=datetime(2020, 1, 1, tzinfo=UTC).date())
    campaign.teams.set(teams)
    queues = [Queue.objects.get_or_create(campaign=campaign, team=team)[0] for team in teams]
    people = User.objects.bulk_create(
        User(username=f"agent{n}", full_name=f"Agent {n}", password="!") for n in range(agents)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.AGENT, team=teams[n % 10]) for n, user in enumerate(people)
    )
    leads = User.objects.bulk_create(
        User(username=f"lead{n}", full_name=f"Lead {n}", password="!") for n in range(10)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.LEAD, team=teams[n % 10]) for n, user in enumerate(leads)
    )
    customers = Customer.objects.bulk_create(
        [
            Customer(
                client=client,
                unit=unit,
                team=teams[n % 10],
                name=f"客户{n}",
                external_id=f"B{n}",
                created_at=now,
                updated_at=now,
            )
            for n in range(tasks)
        ],
        batch_size=2_000,
    )
    Phone.objects.bulk_create(
        [Phone(customer=one, number=f"+86139{n:08}", preferred=True) for n, one in enumerate(customers)],
        batch_size=2_000,
    )
    accounts = Account.objects.bulk_create(
        [
            Account(campaign=campaign, customer=one, team=teams[n % 10], loaded_on=now.date())
            for n, one in enumerate(customers)
        ],
        batch_size=2_000,
    )
    Task.objects.bulk_create(
        [
            Task(
                campaign=campaign,
                queue=queues[n % 10],
                customer=account.customer,
                account=account,
                source=f"bench:{n}",
                state="ready",
                rank=n,
                due_at=now,
                created_at=now,
            )
            for n, account in enumerate(accounts)
        ],
        batch_size=2_000,
    )
    return people, leads, teams


def sessions(people):
    """username → session key, as signing in makes it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = {}
    for person in people:
        session = store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        keys[person.username] = session.session_key
    return keys


class Web:
    """One browser: a kept-alive connection with its cookies, and the times it has seen."""

    seen = defaultdict(list)
    errors = Counter()

    def __init__(self, port, session):
        self.port = port
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}; django_language=en",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
        }

    def ask(self, method, address, body=None, *, kind, **headers):
        """(status, text, headers) of one request; a line the server has closed is opened again once."""
        data = urllib.parse.urlencode(body, doseq=True) if body is not None else None
        head = self.headers | headers
        if data is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        for attempt in range(2):
            try:
                self.line.request(method, address, data, head)
                answer = self.line.getresponse()
                text = answer.read().decode()
                break
            except (http.client.HTTPException, OSError):
                self.line.close()
                if attempt:
                    Web.errors[f"{kind}: no answer"] += 1
                    return 0, "", {}
        Web.seen[kind].append(time.perf_counter() - began)
        if answer.status not in (200, 204, 304):
            Web.errors[f"{kind}: {answer.status}"] += 1
        return answer.status, text, answer.headers


class Over(Exception):
    """The time of the measurement is up."""


class Agent(threading.Thread):
    """Works through tasks at a person's pace; remembers every task handed out and every answer given.

    When the time is up it stops where it is: a hundred people who all finish their calls in one second are no working day.
    """

    def __init__(self, web, number, pace, until):
        super().__init__(daemon=True)
        self.web, self.pace, self.until = web, pace, until
        self.rng = random.Random(number)
        self.handed, self.saved = [], {}
        self.sign = self.lease = 0.0

    def rest(self, low, high):
        """Wait as a person would, with the signs of life of the page in between; real time, whatever the pace."""
        ends = time.monotonic() + self.rng.uniform(low, high) / self.pace
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))
            if time.monotonic() >= self.until:
                raise Over
            self.live()

    def live(self):
        now = time.monotonic()
        if now - self.sign >= 15:
            self.sign = now
            self.web.ask("POST", "/desk/presence/", {"idle": 0}, kind="presence")
        if self.task and now - self.lease >= 20:
            self.lease = now
            self.web.ask("POST", f"/desk/{self.task}/heartbeat/", {"token": self.token}, kind="heartbeat")

    def take(self, page):
        """Read the screen that has just come."""
        found = TASK.search(page)
        self.task = found and int(found[1])
        if not self.task:
            return False
        self.token = TOKEN.search(page)[1]
        self.uuids = dict(UUIDS.findall(page))
        phone = PHONE.search(page)
        self.phone = phone and phone[1]
        self.lease = time.monotonic()
        self.handed.append((self.task, int(self.token)))
        return True

    def post(self, verb, body, kind):
        return self.web.ask("POST", f"/desk/{self.task}/{verb}/", {"token": self.token, **body}, kind=kind)

    def run(self):
        self.task = None
        with suppress(Over):
            self.work()

    def work(self):
        self.rest(0, 20)
        while True:
            if not self.task:
                _status, page, _headers = self.web.ask("POST", "/desk/next/", {}, kind="next")
                if not self.take(page):
                    self.rest(5, 10)
                    continue
            self.call()

    def call(self):
        """One dial in 80 s on average: 200 in a day of some five hours of calling (CAM-9)."""
        self.rest(8, 25)
        status, page, _headers = self.post("dial", {"phone_id": self.phone}, "dial")
        if status != 200 or STATE.search(page)[1] != "ringing":
            self.task = None
            return
        self.rest(10, 30)
        answers, result = {}, "NA"
        if self.rng.random() < 0.5:
            _status, page, _headers = self.post("answered", {}, "answered")
            result = "DONE"
            for item in dict.fromkeys(ITEM.findall(page)):
                self.rest(6, 15)
                answers[f"a-{item}"] = str(self.rng.randint(1, 5))
                self.post("draft", answers, "draft")
            self.post("hangup", answers, "hangup")
            self.rest(10, 45)
        body = {"disposition": result, **self.uuids, **answers}
        done = self.task
        status, page, _headers = self.post("save", body, "save")
        if status == 200:
            self.saved[self.uuids["client_uuid"]] = (done, answers)
            self.take(page)
        else:
            self.task = None


class Board(threading.Thread):
    """A lead's board: asks with the mark it has, and notes how old what it was shown is."""

    def __init__(self, web, team, until):
        super().__init__(daemon=True)
        self.web, self.team, self.until = web, team, until
        self.ages, self.unchanged = [], 0

    def run(self):
        mark = ""
        while time.monotonic() < self.until:
            asked = {"If-None-Match": mark} if mark else {}
            status, _text, headers = self.web.ask("GET", f"/team/{self.team}/live/", kind="board", **asked)
            if status in (200, 304):
                mark = headers["ETag"]
                self.unchanged += status == 304
                built = datetime.fromisoformat(headers["X-Board-Built"])
                self.ages.append((datetime.now(UTC) - built).total_seconds())
            time.sleep(2.5)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(port, folder):
    """gunicorn as in production, with its clock in the access log; returns the process."""
    environment = os.environ | {
        "CALLCENTER_VAR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "callcenter.wsgi"]
    log = [
        "--log-level",
        "warning",
        "--access-logfile",
        str(folder / "access.log"),
        "--access-logformat",
        "%(m)s %(U)s %(s)s %(D)s",
    ]
    process = subprocess.Popen([*command, *log], cwd=database.ROOT, env=environment)
    for _try in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/healthz")
            return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit("The server did not start.")


def kind_of(path):
    """The kind of a request, as the clients name it."""
    verb = path.rstrip("/").rsplit("/", 1)[-1]
    return {"live": "board"}.get(verb, verb)


def server_times(log, since):
    """Kind → seconds of every request from line ``since`` on."""
    found = defaultdict(list)
    for line in log.read_text().splitlines()[since:]:
        _method, path, _status, micro = line.split(" ")
        found[kind_of(path)].append(int(micro) / 1e6)
    return found


def p95(values):
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else (values or [0.0])[0]


def check(agents):
    """(double hand-outs, lost answers): what the clients remember against what the database holds."""
    from callbacks.models import Call
    from surveys.models import Answer

    hands = Counter(one for agent in agents for one in set(agent.handed))
    double = sum(count - 1 for count in hands.values() if count > 1)
    calls = {row.external_id: row for row in Call.objects.all()}
    lost = 0
    kept = defaultdict(dict)
    for response, item, number in Answer.objects.values_list("response_id", "item_id", "number"):
        kept[response][f"a-{item}"] = None if number is None else str(int(number))
    for agent in agents:
        for name, (task, answers) in agent.saved.items():
            call = calls.get(name)
            wrong = call is None or call.task_id != task
            missing = (
                0
                if wrong
                else sum(kept[call.response_id].get(key) != value for key, value in answers.items())
            )
            lost += len(answers) + 1 if wrong else missing
    doubled = Call.objects.count() - len({row.external_id for row in calls.values()})
    return double + doubled, lost


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--agents", type=int, default=100)
    options.add_argument("--boards", type=int, default=10)
    options.add_argument("--pace", type=float, default=1, help="how many times faster than people")
    options.add_argument("--json", action="store_true", help="print the result as JSON as well")
    options.add_argument("--small", action="store_true", help="20 agents, 3 boards, 1 minute")
    given = options.parse_args()
    if given.small:
        given.agents, given.boards, given.minutes = 20, 3, 1
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as folder:
        sys.exit(measure(given, Path(folder)))


def measure(given, folder):
    """Fill, serve, run, count; returns the exit status."""
    os.environ.setdefault("SECRET_KEY", uuid.uuid4().hex * 2)
    os.environ["CALLCENTER_VAR"] = str(folder)
    os.environ["STATIC_ROOT"] = str(folder / "static")
    database.prepare("bench_desk")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=database.ROOT,
        check=True,
    )
    tasks = int(given.agents * (given.minutes * 60 * given.pace / 50 + 5))
    print(
        f"{given.agents} agents at {given.pace:g} × human pace, {given.boards} boards, {tasks:,} tasks, {given.minutes:g} min"
    )
    people, leads, teams = fill(given.agents, tasks)
    keys = sessions([*people, *leads])
    port = free_port()
    server = serve(port, folder)
    try:
        until = time.monotonic() + given.minutes * 60
        agents = [Agent(Web(port, keys[one.username]), n, given.pace, until) for n, one in enumerate(people)]
        boards = [
            Board(Web(port, keys[leads[n % 10].username]), teams[n % 10].pk, until)
            for n in range(given.boards)
        ]
        for thread in (*agents, *boards):
            thread.start()
        for thread in (*agents, *boards):
            thread.join()
    finally:
        server.terminate()
        server.wait(30)
    return report(given, agents, boards, server_times(folder / "access.log", 0))


def report(given, agents, boards, served):
    """Print the figures; 1 when a goal is missed."""
    print(
        f"{'request':<12}{'count':>8}{'/s':>8}{'server p50':>12}{'server p95':>12}{'client p95':>12}   goal"
    )
    figures = {}
    for kind in sorted(served, key=lambda name: -len(served[name])):
        if kind not in Web.seen:
            continue
        times, seen = served[kind], Web.seen[kind]
        goal = GOALS.get(kind)
        figures[kind] = p95(times)
        mark = (
            "" if goal is None else f"≤ {goal * 1000:.0f} ms {'met' if figures[kind] <= goal else 'MISSED'}"
        )
        print(
            f"{kind:<12}{len(times):>8}{len(times) / given.minutes / 60:>8.1f}{statistics.median(times) * 1000:>9.1f} ms"
            f"{figures[kind] * 1000:>9.1f} ms{p95(seen) * 1000:>9.1f} ms   {mark}"
        )
    double, lost = check(agents)
    ages = [age for board in boards for age in board.ages]
    calls = sum(len(agent.saved) for agent in agents)
    answers = sum(len(given_) for agent in agents for _task, given_ in agent.saved.values())
    print(f"calls saved {calls:,}, answers {answers:,}; handed out twice {double}, answers lost {lost}")
    if ages:
        same = sum(board.unchanged for board in boards)
        print(
            f"boards: age p95 {p95(ages):.2f} s, at most {max(ages):.2f} s; {same} of {len(ages)} answers said nothing is new"
        )
    print(f"errors: {dict(Web.errors) or 'none'}")
    late = [kind for kind, goal in GOALS.items() if figures.get(kind, 0) > goal]
    if given.json:
        print(json.dumps({"p95": figures, "double": double, "lost": lost, "errors": dict(Web.errors)}))
    return int(bool(late or double or lost or Web.errors))


if __name__ == "__main__":
    main()
