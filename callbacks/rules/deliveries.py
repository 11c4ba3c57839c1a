"""Letters and home visits: which results there are, and their response rates (SPEC CB-12; domain.md section 2)."""

from dataclasses import dataclass
from typing import Final

# Which channel a result belongs to; a result of the other channel is a slip of the hand.
RESULTS: Final = {
    "post": ("sent", "returned", "received", "refused"),
    "visit": ("visited", "absent", "refused"),
}
# The task is over with these; the others leave it open for another try.
ENDS: Final = frozenset({"received", "visited", "refused"})


def wrong_result(channel: str, result: str) -> bool:
    """Whether a result does not belong to the channel of a task."""
    return result not in RESULTS.get(channel, ())


@dataclass(frozen=True)
class Rates:
    """Counts of one campaign and channel.

    ``done`` letters posted or customers visited at least once, ``back`` letters that came back, ``answered`` replies
    received or people met, ``refused`` refusals.
    """

    done: int = 0
    back: int = 0
    answered: int = 0
    refused: int = 0

    @property
    def response(self) -> float | None:
        """Answers per letter that arrived, or per customer visited; undefined where there is none (domain.md 4.7)."""
        arrived = self.done - self.back
        return self.answered / arrived if arrived > 0 else None

    @property
    def returned(self) -> float | None:
        """Letters that came back per letter posted."""
        return self.back / self.done if self.done else None
