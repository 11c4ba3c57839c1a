from qa.actions.draw import draw_samples
from qa.actions.plans import drop_campaign_plan, save_campaign_plan
from qa.actions.review import acknowledge, open_review, publish_review, put_back

__all__ = [
    "acknowledge",
    "draw_samples",
    "drop_campaign_plan",
    "open_review",
    "publish_review",
    "put_back",
    "save_campaign_plan",
]
