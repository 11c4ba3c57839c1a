"""By which messages a customer may be asked instead of by phone (CB-8)."""

from callbacks.models import Task
from campaigns.queries import questionnaire_for
from customers.models import Channel
from customers.queries import may_contact
from messaging.models import Template, TemplateVersion
from messaging.queries.addresses import address_of

# The source of a task by message that follows a phone task begins with this, then comes the number of that task.
EXHAUSTED = "exhausted:"


def channels_to_offer(*, task: Task, now) -> list[Channel]:
    """By which messages the customer may be asked instead of by phone, e-mail before SMS (CB-8).

    Only where the campaign asks a questionnaire, a text for it is approved, and the customer agrees to the channel. Who was to
    confirm a trial gets no questionnaire instead.
    """
    if task.kind == Task.Kind.CONFIRMATION:
        return []
    if task.source.startswith(EXHAUSTED) or questionnaire_for(task.campaign, task.customer_id) is None:
        return []
    return [one for one in (Channel.EMAIL, Channel.SMS) if _agreed(task, one, now)]


def _agreed(task, channel, now):
    """Whether the customer has an address for the channel and nothing but time speaks against it."""
    texts = TemplateVersion.objects.usable().filter(
        template__channel=channel, template__kind=Template.Kind.SURVEY
    )
    recipient = address_of(task.customer, channel)
    if not recipient or not texts.exists():
        return False
    decision = may_contact(
        task.customer,
        number=recipient if channel == Channel.SMS else "",
        channel=channel,
        purpose=task.campaign.purpose,
        campaign_code=task.campaign.code,
        now=now,
    )
    return decision.allowed or decision.next_at is not None
