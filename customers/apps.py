from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("customers")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11)."""
        from customers import personal  # noqa: PLC0415  (models are there only now)

        personal.declare()
