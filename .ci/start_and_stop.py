"""Start the product as a user does, sign in, stop it with Ctrl-C, start it again, kill a part; nothing may be left.

python .ci/start_and_stop.py FOLDER   (FOLDER must be empty: it becomes the state folder)
"""

import http.cookiejar
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PATIENCE = 300
PASSWORD = secrets.token_urlsafe(12)


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def processes_of(var):
    """Command lines, by pid, of the running processes whose state folder is ``var``."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f"CALLCENTER_VAR={var}".encode() in (path / "environ").read_bytes().split(b"\0"):
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


class Product:
    """One `make run` in a process group of its own, as a terminal would start it."""

    def __init__(self, var):
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(f"{var}.log", "a+")
        environment = dict(os.environ, CALLCENTER_VAR=var, PORT=self.port, DEMO_PASSWORD=PASSWORD)
        self.make = subprocess.Popen(
            ["make", "run"],
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def output(self):
        """What it has printed so far."""
        self.log.seek(0)
        return self.log.read()

    def wait_until_ready(self):
        """Until the pages, the database and the ring from beat to worker all work."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.make.poll() is not None:
                raise SystemExit(f"make run ended by itself with {self.make.returncode}\n{self.output()}")
            try:
                return urllib.request.urlopen(self.url + "/readyz", timeout=10).read().decode()
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise SystemExit(f"not ready after {PATIENCE} s\n{self.output()}")

    def sign_in(self, username, password):
        """Sign in by HTTP as a browser does; the address of the page reached."""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        page = browser.open(self.url + "/", timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "username": username, "password": password}
        data = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.url + "/login/", data, {"Referer": self.url})
        try:
            answer = browser.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            time.sleep(1)
            raise SystemExit(
                f"{username} signed in and met {error} of {error.url}\n{self.output()}"
            ) from None
        expect(
            answer.status == 200 and "/login/" not in answer.url,
            f"{username} signed in, arrived at {answer.url}",
        )

    def wait_for_end(self):
        """The exit status of make, once everything has stopped."""
        try:
            return self.make.wait(timeout=60)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"still running after 60 s: {processes_of(self.var)}\n{self.output()}") from None


def expect(condition, text):
    """Report one proven statement, or stop with the opposite."""
    if not condition:
        raise SystemExit(f"NOT TRUE: {text}")
    print("ok:", text, flush=True)


def expect_nothing_left(var):
    """No process of the product may outlive `make run`."""
    time.sleep(1)
    expect(processes_of(var) == {}, f"no process is left ({processes_of(var)})")


def main(var):
    """The whole story; ends with a message at the first statement that is not true."""
    product = Product(var)
    try:
        print("ready:", product.wait_until_ready(), flush=True)
        names = re.findall(r"^(\w+) +\w+ +/\w*/ *$", product.output(), re.MULTILINE)
        expect(len(names) > 8, f"the demo's sign-ins were printed: {' '.join(names)}")
        for name in names:
            product.sign_in(name, PASSWORD)
        os.killpg(product.make.pid, signal.SIGINT)
        product.wait_for_end()
        expect_nothing_left(var)

        product = Product(var)
        product.wait_until_ready()
        product.sign_in(names[0], PASSWORD)
        worker = next(
            pid for pid, line in processes_of(var).items() if " worker " in line and "celery" in line
        )
        os.kill(worker, signal.SIGKILL)
        status = product.wait_for_end()
        expect(status != 0, f"a killed worker ends make run with {status}")
        expect_nothing_left(var)

        product = Product(var)
        product.wait_until_ready()
        os.kill(product.make.pid, signal.SIGTERM)
        product.wait_for_end()
        expect_nothing_left(var)
    finally:
        for pid in processes_of(var):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
