"""The sweep of the knowledge base (DESIGN section 2)."""

from celery import shared_task
from django.utils import timezone

from knowledge import actions


@shared_task(name="knowledge.remind_of_reviews")
def remind_of_reviews():
    """Tell owners whose articles are to be reviewed."""
    return actions.remind_of_reviews(now=timezone.now())
