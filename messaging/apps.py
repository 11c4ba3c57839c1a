from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("messages")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11)."""
        from messaging import personal  # noqa: PLC0415  (models are there only now)

        personal.declare()
