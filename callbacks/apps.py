from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallbacksConfig(AppConfig):
    name = "callbacks"
    verbose_name = _("callbacks")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11); join the timeline and merging (CUS-9, CUS-1)."""
        # Models are there only now.
        from callbacks import personal  # noqa: PLC0415

        personal.declare()
        import_module("callbacks.queries.history")
        import_module("callbacks.actions.merging")
