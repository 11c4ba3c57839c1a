from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("issues and complaints")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11), and offer its conditions to segments (CUS-5)."""
        # Models are there only now.
        from complaints import personal  # noqa: PLC0415
        from complaints.queries.segments import register_kinds  # noqa: PLC0415

        personal.declare()
        register_kinds()
