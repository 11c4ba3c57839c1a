from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("issues and complaints")

    def ready(self):
        """Offer this app's conditions to the segments of the archive below."""
        from complaints.queries.segments import register_kinds  # noqa: PLC0415  (models are loaded only now)

        register_kinds()
