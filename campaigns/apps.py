from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("campaigns")

    def ready(self):
        """Say where this app keeps what tells who a customer is (CUS-11), and which events a segment may ask for (CUS-5)."""
        # Models are there only now.
        from campaigns import personal  # noqa: PLC0415
        from campaigns.forms import event_kinds  # noqa: PLC0415
        from customers.queries.segments import suggest  # noqa: PLC0415

        personal.declare()
        suggest("event", "event", lambda user: event_kinds())
