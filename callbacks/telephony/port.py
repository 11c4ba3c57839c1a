"""What every adapter of a telephone offers."""


class NotPlaced(Exception):
    """Nothing was dialled; the agent dials by hand."""


class Telephony:
    """Base of the adapters."""

    places_calls = False

    def place(self, attempt, *, extension):
        """Ring the agent's phone, then the customer. Raises ``NotPlaced``."""
        raise NotImplementedError

    def release(self, attempt):
        """End the call if it still goes on. Raises ``NotPlaced`` when the system cannot be reached."""
        raise NotImplementedError
