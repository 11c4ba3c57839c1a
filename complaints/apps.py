from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("issues and complaints")

    def ready(self):
        """Take part in the customers' timeline."""
        import_module("complaints.queries.history")
