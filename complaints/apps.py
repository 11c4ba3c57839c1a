from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("issues and complaints")

    def ready(self):
        """Say where personal data are kept (CUS-11), offer conditions to segments (CUS-5), join the timeline and merging."""
        # Models are there only now.
        from complaints import personal  # noqa: PLC0415
        from complaints.queries.segments import register_kinds  # noqa: PLC0415

        personal.declare()
        register_kinds()
        import_module("complaints.queries.history")
        import_module("complaints.actions.merging")
