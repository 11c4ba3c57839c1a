from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("customers")

    def ready(self):
        """Begin the customers' timeline, to which the apps above add theirs."""
        import_module("customers.queries.history")
