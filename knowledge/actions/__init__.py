from knowledge.actions.articles import (
    acknowledge,
    move_article,
    remind_of_reviews,
    report_outdated,
    save_article,
    settle_feedback,
)

__all__ = [
    "acknowledge",
    "move_article",
    "remind_of_reviews",
    "report_outdated",
    "save_article",
    "settle_feedback",
]
