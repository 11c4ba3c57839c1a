from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallbacksConfig(AppConfig):
    name = "callbacks"
    verbose_name = _("callbacks")

    def ready(self):
        """Take part in the customers' timeline and in the merging of duplicates."""
        import_module("callbacks.queries.history")
        import_module("callbacks.actions.merging")
