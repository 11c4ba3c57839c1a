"""A real Chromium on the pages of a live server; every page is watched for errors while a test uses it."""

import os
import re
import shutil
from datetime import time

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import sync_playwright

from desk.queries import rest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A refusal is an answer of the product; only the browser calls it a failure.
REFUSED = re.compile(r"the server responded with a status of (409|422) ")
# The telephone of the tests: it takes tel: links, as a softphone registered with the browser does.
TELEPHONE = """
window.dialled = [];
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='tel:']");
  if (!link) return;
  event.preventDefault();
  window.dialled.push(link.getAttribute("href"));
}, true);
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A database file instead of memory: the server's threads then have connections of their own, as in real life."""
    if connections["default"].vendor == "sqlite":
        name = str(tmp_path_factory.mktemp("database") / "browser.sqlite3")
        connections["default"].settings_dict["TEST"]["NAME"] = name


@pytest.fixture(scope="session")
def chromium():
    """The browser, one for all tests."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.exit(
            "Chromium is needed: install it, or CHROMIUM=/path/to/chromium make test-browser", returncode=1
        )
    # Playwright keeps an event loop in this thread, in which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def the_day_is_long(monkeypatch):
    """The closing list opens by itself late in the afternoon; no test may depend on when it runs."""
    monkeypatch.setattr(rest, "CLOSING_FROM", time.max)


@pytest.fixture
def context(chromium, live_server):
    """A fresh profile with Chinese as its language; no request may leave this machine."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1366, "height": 768},
    )
    context.set_default_timeout(45_000)
    context.add_init_script(TELEPHONE)
    yield context
    context.close()


@pytest.fixture
def page(context, live_server):
    """A page; the test fails if it logs an error, breaks the content security policy or asks another server."""
    page = context.new_page()
    trouble = []
    page.on(
        "console",
        lambda message: (
            message.type == "error" and not REFUSED.search(message.text) and trouble.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((live_server.url, "data:", "blob:"))
            or trouble.append(f"asked {request.url}")
        ),
    )
    page.on(
        "response", lambda answer: answer.status >= 500 and trouble.append(f"{answer.status} of {answer.url}")
    )
    page.trouble = trouble
    yield page
    assert trouble == []


@pytest.fixture
def sign_in(context, live_server):
    """A function that signs a user in without the form, in the user's language: ``sign_in(user)``."""

    def put_cookie(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {
            settings.SESSION_COOKIE_NAME: value,
            settings.LANGUAGE_COOKIE_NAME: user.language or "zh-hans",
        }
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )

    return put_cookie
