"""What every adapter of a telephone offers."""

from abc import ABC, abstractmethod


class NotPlaced(Exception):
    """Nothing was dialled; the agent dials by hand."""


class Telephony(ABC):
    """Base of the adapters."""

    places_calls = False

    @abstractmethod
    def place(self, attempt, *, extension):
        """Ring the agent's phone, then the customer. Raises ``NotPlaced``."""

    @abstractmethod
    def release(self, attempt):
        """End the call if it still goes on. Raises ``NotPlaced`` when the system cannot be reached."""
