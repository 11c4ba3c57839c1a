from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QAConfig(AppConfig):
    name = "qa"
    verbose_name = _("quality")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11)."""
        from qa import personal  # noqa: PLC0415  (models are there only now)

        personal.declare()
