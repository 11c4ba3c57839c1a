"""Which result may be taken back within seconds, and for how long (ux.md section 3.6)."""

from typing import Final, Protocol

UNDO_SECONDS: Final = 5


class Result(Protocol):
    """The flags of a disposition that are read here (domain.md section 3)."""

    attempt: bool
    reached: bool
    completed: bool
    sold: bool
    refused: bool
    do_not_call: bool
    appointment: bool
    system: bool


def can_take_back(result: Result) -> bool:
    """Whether a result is one of a single key that promises nothing: nobody has said anything that counts."""
    said = result.reached or result.completed or result.sold
    wished = result.refused or result.do_not_call or result.appointment
    return result.attempt and not result.system and not said and not wished
