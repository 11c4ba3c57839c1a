from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("messages")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11), and join the timeline (CUS-9)."""
        # Models are there only now.
        from messaging import personal  # noqa: PLC0415

        personal.declare()
        import_module("messaging.queries.history")
