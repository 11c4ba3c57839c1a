"""The choice of a segment, the same for a policy and a quota (CUS-3)."""

from django.utils.translation import gettext_lazy

from customers.queries.segments import segments_for


def offer_segments(form, user, client) -> None:
    """Let a policy or quota choose among the segments the person may use for the client's customers."""
    field = form.fields["segment"]
    field.queryset = segments_for(user, client, current=form.instance.segment_id)
    field.empty_label = gettext_lazy("all customers")
