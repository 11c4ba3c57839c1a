"""Whatever is typed, chosen or left out on any page the demo organisation shows, nothing fails (DESIGN section 8)."""

import logging
import random
import re
import shutil
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from people.models import User
from tests.nonsense.pages import Page

pytestmark = pytest.mark.django_db
NONSENSE = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1e309",
        "9" * 24,
        "２０",
        "abc",
        "\x00",
        "😀" * 50,
        "a" * 70_000,
        "\"'><script>",
        "=1+1",
    ),
    *(
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59",
        "12:99",
        "on",
        "None",
        "null",
        "[]",
        '{"a":',
        "{}",
    ),
    *("1,2", "NaN", "Infinity", "\ufffe", "../../etc/passwd", "%s%n", "00000000-0000-0000-0000-000000000000"),
]
QUERY = {"page", "q", "sort", "from", "to", "campaign", "team", "day"}
# Leaving would end the walk.
LEAVE = re.compile(r"/(logout|password|admin)/")
PEOPLE = ("agent1", "lead1", "manager1", "qa1", "complaint1", "dept1", "trainer1", "client1", "admin1")
# Addresses that differ only in a number are the same page: so many of each are opened, so many of its forms sent.
OPENED, SENT, TRIES = 2, 2, 4


class Walk:
    """One person opening everything there is a link to, and sending every form with sense and nonsense mixed."""

    def __init__(self, username, seed):
        self.random = random.Random(seed)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(User.objects.get(username=username))
        self.counts: dict[str, int] = {}
        self.failed: list[str] = []
        self.requests = 0

    def run(self):
        waiting = ["/"]
        while waiting:
            address = waiting.pop(self.random.randrange(len(waiting)))
            answer = self.ask("get", address, {}, follow=True)
            if answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            page = Page(answer.content.decode())
            here = answer.request["PATH_INFO"]
            full = {(link if link.startswith("/") else here + link).partition("#")[0] for link in page.links}
            waiting += sorted(link for link in full if self.first(link, OPENED))
            if self.first("?" + here, OPENED):
                for _try in range(TRIES):
                    self.ask("get", here, self.query(page))
            for form in page.forms:
                target = form.action if form.action.startswith("/") else here
                if form.method == "post" and self.first("!" + target, SENT):
                    for number in range(TRIES):
                        self.ask("post", target, self.values(form, sane=number == 0))
        return self

    def first(self, address, limit):
        shape = re.sub(r"\d+", "0", address.split("?", 1)[0] if address.startswith("/") else address)
        if LEAVE.search(shape) or shape.lstrip("?!").startswith("/static/"):
            return False
        self.counts[shape] = self.counts.get(shape, 0) + 1
        return self.counts[shape] <= limit

    def query(self, page):
        names = sorted(
            page.names | QUERY | {n for form in page.forms if form.method == "get" for n in form.fields}
        )
        return {name: self.random.choice(NONSENSE) for name in names if self.random.random() < 0.5}

    def values(self, form, *, sane):
        sent = {}
        for name, choices in form.fields.items():
            if sane or self.random.random() < 0.6:
                sent[name] = self.random.choice(choices) if choices else ""
            elif self.random.random() < 0.8:
                sent[name] = self.random.choice(NONSENSE)
        return sent

    def ask(self, method, address, values, **options):
        self.requests += 1
        htmx = {"headers": {"hx-request": "true"}} if self.random.random() < 0.3 else {}
        answer = getattr(self.client, method)(address, values, **options, **htmx)
        if answer.status_code >= 500:
            self.failed.append(f"{method} {address} {str(values)[:300]}")
        return answer


@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_fails_on_nonsense(username, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    call_command("demo", stdout=StringIO(), verbosity=0)
    logging.disable(logging.ERROR)
    try:
        walk = Walk(username, seed=username).run()
    finally:
        logging.disable(logging.NOTSET)
        shutil.rmtree(tmp_path, ignore_errors=True)
    assert walk.failed == []
    assert walk.requests > 60
