"""What accounts tell about a customer: counts and codes only (CUS-11)."""

from customers.personal import REGISTRY, Kept


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    REGISTRY.declare(Kept("campaigns.Account", keeps=("useless_code",)))
