from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("surveys")

    def ready(self):
        """Say where personal data are kept (CUS-11), offer segments their conditions, join timeline and merge."""
        # Models are there only now.
        from surveys import personal  # noqa: PLC0415
        from surveys.queries.segments import register_kinds  # noqa: PLC0415

        personal.declare()
        register_kinds()
        import_module("surveys.queries.history")
        import_module("surveys.actions.latest")
