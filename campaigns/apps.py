from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("campaigns")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11)."""
        from campaigns import personal  # noqa: PLC0415  (models are there only now)

        personal.declare()
