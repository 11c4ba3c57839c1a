"""Start everything on this machine: prepare, then web, worker and beat under one roof (`make run`).

Ctrl-C, SIGTERM or closing the terminal stops all of them. When one process dies the others are stopped too and the
exit status is not zero, so that whatever watches this can start it again. All state is in var/ (or CALLCENTER_VAR).
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("CALLCENTER_VAR") or ROOT / "var").resolve()
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
# Seconds a process has to finish what it is doing; a worker ends its running tasks first.
honcho.manager.KILL_WAIT = 15


class Processes(honcho.manager.Manager):
    """honcho's manager, also safe when the signal arrives before every process has reported its pid."""

    asked_to_stop = False

    def _start(self):
        super()._start()
        threading.Thread(target=announce, args=(self,), daemon=True).start()

    def terminate(self):
        self.asked_to_stop = True
        if self._all_started():
            super().terminate()

    def _any_stopped(self):
        return self.asked_to_stop or super()._any_stopped()


def say(text):
    """One line for the person watching."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def hold_lock():
    """Keep a second start from running beat and the worker twice on one database. Returns the held file."""
    VAR.mkdir(parents=True, exist_ok=True)
    lock = open(VAR / "run.lock", "w")  # noqa: SIM115  (held until the process ends)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"Already running on {VAR}. Stop it first, or choose another folder: CALLCENTER_VAR=… make run"
        )
    return lock


def check_port():
    """Say so before anything starts when the port is taken or is not a port."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, int(PORT)))
    except (OSError, ValueError, OverflowError) as error:
        sys.exit(f"Cannot listen on {HOST}:{PORT} ({error}). Choose another port: PORT=8001 make run")


def announce(processes):
    """Tell the address once the web process answers."""
    url = f"http://{HOST}:{PORT}/"
    while not processes.asked_to_stop:
        try:
            urllib.request.urlopen(url + "healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            say(f"\nReady: {url}   (Ctrl-C stops everything)\n")
            return


def main():
    """Prepare, start, wait; returns the exit status."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lock = hold_lock()
    check_port()
    scripts = str(Path(sys.executable).parent)
    environment = dict(os.environ, CALLCENTER_VAR=str(VAR), HOST=HOST, PORT=PORT, PYTHONUNBUFFERED="1")
    environment["PATH"] = scripts + os.pathsep + os.environ.get("PATH", "")
    prepared = subprocess.run([sys.executable, "manage.py", "prepare", "--demo"], env=environment)
    if prepared.returncode:
        return prepared.returncode
    processes = Processes()
    for name, command in parse_procfile((ROOT / "deploy" / "Procfile").read_text()).processes.items():
        if name == "phone" and environment.get("TELEPHONY") != "asterisk":
            # Only an exchange that dials has anything to say.
            continue
        processes.add_process(name, command, env=environment)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    processes.loop()
    lock.close()
    if processes.returncode in (130, 143):
        return 0
    say("\nA process ended by itself, so the others were stopped; its last lines above say why.")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
