from customers.queries.contact import contact_facts, decide_many, may_contact

__all__ = ["contact_facts", "decide_many", "may_contact"]
