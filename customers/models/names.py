"""What customers are found by, derived from their names (CUS-1)."""

from django.db import models

from customers.models.archive import Customer


class NameKey(models.Model):
    """One beginning under which a customer's name is found; made of the name by ``rules.names`` and of nothing else."""

    pk = models.CompositePrimaryKey("customer_id", "key")
    # The first column of the primary key finds a customer's keys; nothing else asks for them.
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(
                fields=["key", "customer"],
                name="name_key",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            )
        ]

    def __str__(self):
        return self.key


class NamesToRead(models.Model):
    """Customers from one id to another whose names came in or changed by a set-based statement: their keys are due.

    The sweep ``customers.read_names`` makes them seconds later, so that an import of a million names need not wait for it.
    """

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()

    def __str__(self):
        return f"{self.first_id}-{self.last_id}"
