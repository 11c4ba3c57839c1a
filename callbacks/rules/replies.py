"""What a customer's short reply to the question about a trial says (CAM-10; domain.md 8.2, type B).

Only a reply that is nothing but one of these words counts; everything else is read by a person. Silence is no consent.
"""

import re
import unicodedata
from typing import Final

YES: Final = ("确认", "確認", "同意", "确认继续", "確認繼續", "继续", "繼續", "y", "yes", "confirm", "ok")
NO: Final = (
    "取消",
    "不需要",
    "不要",
    "不用",
    "不同意",
    "不再使用",
    "no",
)
_SIGNS: Final = re.compile(r"[\s.,!。，！、“”「」\"'’]+")


def meaning_of(text: str) -> str:
    """ "yes", "no", or "" for what a person must read."""
    word = _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if word in YES:
        return "yes"
    return "no" if word in NO else ""
