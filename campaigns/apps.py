from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("campaigns")

    def ready(self):
        """Propose the usual kinds of events where a segment asks for one."""
        from campaigns.forms import event_kinds  # noqa: PLC0415  (models are loaded only now)
        from customers.queries.segments import suggest  # noqa: PLC0415

        suggest("event", "event", lambda user: event_kinds())
