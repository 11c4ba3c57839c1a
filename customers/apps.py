from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("customers")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11), and begin the timeline (CUS-9)."""
        # Models are there only now.
        from customers import personal  # noqa: PLC0415

        personal.declare()
        import_module("customers.queries.history")
