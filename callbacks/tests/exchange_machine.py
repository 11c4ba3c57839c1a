"""Starting the small Asterisk and speaking with it from a test."""

import json
import queue
import subprocess
import sys
import threading
from contextlib import contextmanager

SECONDS = 20


class Machine:
    """The running exchange: ``do`` a command, wait to be told something."""

    def __init__(self, process):
        self.process, self.lines = process, queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self.told("port")["port"]

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def do(self, verb, **more):
        """Have it done; returns once it is, except what waits."""
        self.process.stdin.write(json.dumps({"do": verb, **more}) + "\n")
        self.process.stdin.flush()

    def told(self, name):
        """The next line that has the name; the others before it are dropped."""
        while name not in (line := self.lines.get(timeout=SECONDS)):
            pass
        return line

    def silent(self):
        """Whether it was asked nothing."""
        return self.lines.empty()


@contextmanager
def exchange(settings, **extra):
    """An exchange of this test's own, and the settings that lead to it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "callbacks.tests.exchange"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        machine = Machine(process)
        values = {
            "TELEPHONY": "asterisk",
            "ASTERISK_HOST": "127.0.0.1",
            "ASTERISK_PORT": machine.port,
            "ASTERISK_SECRET": "geheim",
            "ASTERISK_CALLER_ID": "057112345678",
        }
        for name, value in (values | extra).items():
            setattr(settings, name, value)
        yield machine
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
