"""300 import files that call centres really get, each with what must become of it (reliability.md section 5).

One module per family. Everything is made from a fixed seed, so a file is the same on every machine. To look at them:

    python -m customers.tests.corpus FOLDER
"""

from customers.tests.corpus import (
    bombs,
    business,
    dates,
    encodings,
    headers,
    phones,
    structure,
    values,
)
from customers.tests.corpus.file import Expected, File

FAMILIES = {
    "encodings": encodings.files,
    "phones": phones.files,
    "dates": dates.files,
    "headers": headers.files,
    "structure": structure.files,
    "bombs": bombs.files,
    "values": values.files,
    "business": business.files,
}

__all__ = ["FAMILIES", "Expected", "File"]
