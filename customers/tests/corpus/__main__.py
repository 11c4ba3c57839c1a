"""Write the corpus into a folder: every file, and beside it what must become of it as JSON."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings_test")
django.setup()


def main(folder: Path) -> int:
    from customers.tests.corpus import FAMILIES

    count = 0
    for family, files in FAMILIES.items():
        place = folder / family
        place.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files(), start=1):
            stem = f"{number:02}-{file.name}".replace("/", "_")
            (place / stem).write_bytes(file.data)
            expected = json.dumps(asdict(file.expected), ensure_ascii=False, indent=1)
            (place / f"{stem}.expected.json").write_text(expected, encoding="utf-8")
            count += 1
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))} files\n")
