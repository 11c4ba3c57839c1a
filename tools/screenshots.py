"""Photograph the product on a running server with demo data: the README's two pictures, or every page of every role.

    tools/screenshots.py --password … --readme docs/screenshots
    tools/screenshots.py --password … --all /tmp/pages --languages zh-hans,en --people agent1,lead1

Needs Chromium (CHROMIUM=/path/to/chromium) and the packages of requirements-dev.txt. Looking at the desk for the README
claims one task of agent1 and puts it back. Reports pages that answer badly, scroll sideways or log an error.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

PEOPLE = [
    "agent1",
    "lead1",
    "qa1",
    "qasup1",
    "complaint1",
    "dept1",
    "manager1",
    "trainer1",
    "client1",
    "admin1",
]
WIDTHS = {"wide": (1366, 768), "narrow": (360, 740)}
# Links that change something, leave the product, are the same page in another guise, or part of a page that loads it.
SKIPPED = re.compile(
    r"logout|/(status|counts)/$|/api/|\.(xlsx|csv|zip|json)$|/jobs/[^/]+/.+/$|^(tel|mailto):|/admin/.+/(delete|export|import)"
)
# One address of each shape is enough: numbers and identifiers are the same page with other rows.
SHAPE = re.compile(r"(?<=/)([0-9]+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def sign_in(browser, url, username, password, language, size):
    """A page of a fresh profile, signed in through the form, in the language."""
    width, height = size
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height}, locale="zh-CN")
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def listen(page):
    """The list to which everything goes that the page complains of."""
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def photograph(page, path, *, whole=True):
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path), full_page=whole)


def for_readme(browser, url, password, folder):
    """The desk in a call preview, and the key figures of the month, in Chinese."""
    page = sign_in(browser, url, "agent1", password, "zh-hans", WIDTHS["wide"])
    page.goto("/desk/")
    if page.locator("[data-state=idle]").count():
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-state=preview], .desk-reasons, [data-focus]")
    page.wait_for_timeout(800)
    photograph(page, folder / "desk.png", whole=False)
    if page.locator("[data-state=preview]").count():
        page.keyboard.press("x")
        page.wait_for_selector("[data-state=idle]")
    page.context.close()
    page = sign_in(browser, url, "manager1", password, "zh-hans", (1366, 1100))
    page.goto("/reports/?period=month")
    page.wait_for_timeout(1200)
    photograph(page, folder / "kpi.png", whole=False)
    page.context.close()
    for name in ("desk.png", "kpi.png"):
        say(f"{folder / name}: {(folder / name).stat().st_size / 1024:.0f} KB")


def walk(page, limit, seen=frozenset()):
    """Open what a person reaches from home by links, one page of each shape that is not in ``seen``.

    Yields (shape, address, status) while the page shows it.
    """
    queue, seen = ["/"], set(seen)
    while queue and limit:
        address = queue.pop(0)
        shape = SHAPE.sub("*", urlsplit(address).path)
        if shape in seen or SKIPPED.search(address):
            continue
        seen.add(shape)
        answer = page.goto(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        limit -= 1
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        here = urlsplit(page.url).netloc
        queue += [urlsplit(link).path for link in links if urlsplit(link).netloc == here]
        yield shape, address, answer.status


def photograph_all(browser, url, password, folder, people, languages, limit):
    """Every page of every person in every language and width; returns the number of pages with trouble."""
    trouble = 0
    for username in people:
        scout = sign_in(browser, url, username, password, languages[0], WIDTHS["wide"])
        pages = list(walk(scout, limit))
        scout.context.close()
        say(f"{username}: {len(pages)} pages")
        for language in languages:
            for width, size in WIDTHS.items():
                page = sign_in(browser, url, username, password, language, size)
                errors = listen(page)
                for shape, address, status in pages:
                    errors.clear()
                    page.goto(address)
                    page.wait_for_timeout(150)
                    name = shape.strip("/").replace("/", "-").replace("*", "N") or "home"
                    photograph(page, folder / username / f"{name}.{language}.{width}.png")
                    across = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    said = [f"answers {status}"] * (status >= 400) + errors
                    said += [f"{across} px too wide"] * (across > 0)
                    if said:
                        trouble += 1
                        say(f"  {address} {language} {width}: {'; '.join(said)}")
                page.context.close()
    return trouble


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD"), help="of the demo's people")
    parser.add_argument("--readme", type=Path, metavar="FOLDER", help="write desk.png and kpi.png there")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every page into this folder")
    parser.add_argument("--people", default=",".join(PEOPLE))
    parser.add_argument("--languages", default="zh-hans,en")
    parser.add_argument("--limit", type=int, default=60, help="pages per person")
    given = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not given.password or not (given.readme or given.all):
        parser.error("Chromium, --password and one of --readme and --all are needed.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        if given.readme:
            for_readme(browser, given.url, given.password, given.readme)
        trouble = 0
        if given.all:
            people, languages = given.people.split(","), given.languages.split(",")
            trouble = photograph_all(
                browser, given.url, given.password, given.all, people, languages, given.limit
            )
        browser.close()
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
