"""Every page of every role in a browser: no errors, accessible, named, in its language; and what the heavy ones weigh."""

import gzip
import random

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from callcenter.management.commands.demo import LOADS
from customers.models import Client
from people import demo as people
from people.models import User
from tests.browser.make import Shift
from tools.screenshots import PEOPLE, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")
# Pages that other projects draw: the administration and the documentation of the interface.
OTHERS = ("/admin/", "/api/")
LIMIT = 40


def load_demo():
    """The demo organisation with its data, as ``manage.py demo`` makes it."""
    now, rng = timezone.now(), random.Random(1)
    for name, load in LOADS:
        load(now=now, rng=rng)
        if name == "customers":
            people.grant_observers(dict(Client.objects.values_list("code", "id")))


def faults(page, shape, language):
    """What is wrong with the page shown, in words."""
    found = []
    title = page.title().split(" · ")[0]
    heads = page.locator("h1").all_inner_texts()
    if len(heads) != 1 or (shape != "/" and not (title in heads[0] or heads[0] in title)):
        found.append(f"{shape}: headings {heads} under the title {title!r}")
    if page.locator("html").get_attribute("lang") != language:
        found.append(f"{shape}: language {page.locator('html').get_attribute('lang')}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{shape}: scrolls sideways")
    for one in Axe().run(page, options=AXE).response["violations"]:
        if one["impact"] in GRAVE:
            where = [node["target"] for node in one["nodes"][:3]]
            found.append(f"{shape}: {one['id']} ({one['impact']}): {where}")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_every_role_is_sound_and_accessible(page, sign_in, language):
    load_demo()
    seen, found = {"/api/docs/"}, []
    for username in PEOPLE:
        user = User.objects.get(username=username)
        user.language = language
        sign_in(user)
        for shape, _address, status in walk(page, LIMIT, seen - {"/"}):
            seen.add(shape)
            if status >= 400:
                found.append(f"{shape} of {username}: answers {status}")
            elif not shape.startswith(OTHERS):
                found += faults(page, shape, language)
            found += [f"{shape} of {username}: {text}" for text in page.trouble]
            page.trouble.clear()
    assert len(seen) > 60
    assert not found, "\n".join(found)


def weights(page, address):
    """(addresses asked, compressed bytes of our scripts and the libraries') of opening a page."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    scripts = [one for one in answers if one.url.split("?")[0].endswith(".js")]
    # The icon of the tab is the browser's business: asked once, kept for good.
    asked = [one.url for one in answers if "favicon" not in one.url]
    return asked, sum(len(gzip.compress(one.body(), 9)) for one in scripts)


def test_the_desk_is_light(page, sign_in):
    shift = Shift()
    sign_in(shift.agent)
    requests, scripts = weights(page, "/desk/")
    assert len(requests) <= 8, requests
    assert scripts <= 45 * 1024


def test_the_key_figures_carry_one_chart_library_and_no_more(page, sign_in):
    shift = Shift()
    sign_in(shift.manager)
    requests, scripts = weights(page, "/reports/")
    assert len(requests) <= 10, requests
    assert scripts <= 265 * 1024
