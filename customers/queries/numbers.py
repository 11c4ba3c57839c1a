"""Typed phone numbers as a search takes them."""

from customers.rules.phones import PhoneRejected, normalise


def e164(text: str) -> str:
    """The whole number in E.164; "?", which no number is, for anything else."""
    try:
        return normalise(text).e164
    except PhoneRejected:
        return "?"
