from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("surveys")

    def ready(self):
        """Offer this app's conditions to the segments of the archive below."""
        from surveys.queries.segments import register_kinds  # noqa: PLC0415  (models are loaded only now)

        register_kinds()
