"""What is delivered beside the code: browser files, their pins, the production examples."""

import json
import re
from pathlib import Path

from django.conf import settings

from callcenter.navigation import RAIL

ROOT = Path(settings.BASE_DIR)


def test_every_icon_used_is_in_the_sprite():
    offered = set((ROOT / "tools" / "icons.txt").read_text().split())
    templates = "\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    used = set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", templates)) | {entry.icon for entry in RAIL}
    assert len(used) > 5
    assert used - offered == set()


def test_third_party_browser_files_are_pinned_without_a_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert [name for name, package in packages.items() if "resolved" in package] == []
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_pages_ask_no_other_server():
    addresses = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//[^"']+""")
    found = {str(path): addresses.findall(path.read_text()) for path in (ROOT / "templates").rglob("*.html")}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_example_environment_explains_every_setting():
    source = (ROOT / "callcenter" / "settings.py").read_text()
    read = set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", source))
    assert {"SECRET_KEY", "DATABASE_URL"} <= read
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    assert read - explained == set()
