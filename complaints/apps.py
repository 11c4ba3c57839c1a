from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("issues and complaints")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11)."""
        from complaints import personal  # noqa: PLC0415  (models are there only now)

        personal.declare()
