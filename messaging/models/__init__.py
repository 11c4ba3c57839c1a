from messaging.models.holds import CampaignHold
from messaging.models.messages import Batch, BatchStep, Message, MessageStep
from messaging.models.replies import GatewayEvent, Reply, ReplyStep, StopWord
from messaging.models.templates import Template, TemplateVersion, TemplateVersionStep

__all__ = [
    "Batch",
    "BatchStep",
    "CampaignHold",
    "GatewayEvent",
    "Message",
    "MessageStep",
    "Reply",
    "ReplyStep",
    "StopWord",
    "Template",
    "TemplateVersion",
    "TemplateVersionStep",
]
