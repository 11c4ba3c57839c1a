"""Makers for the tests of the desk: a floor where calls are allowed around the clock."""

from datetime import timedelta

from django.utils import timezone

from callbacks.tests.make import disposition, make_campaign, make_client, make_customer, make_task
from complaints.tests.make import Floor
from customers.models import CallingWindow, DayType
from surveys.models import Item
from surveys.tests.make import make_question, make_version

__all__ = ["Desk", "disposition", "make_client", "make_customer"]


def always_open():
    for day_type in DayType:
        CallingWindow.objects.update_or_create(
            purpose="", region=None, day_type=day_type, defaults={"ranges": [["00:00", "00:00"]]}
        )


class Desk(Floor):
    """An agent at a desk: a satisfaction questionnaire whose second question follows only a bad first answer."""

    def __init__(self, tasks=1):
        super().__init__()
        always_open()
        self.version = make_version("scale5", "multi", "text")
        self.first, self.why, self.text = self.version.items.order_by("position")
        Item.objects.filter(pk=self.why.pk).update(depends_on=self.first, when_values=["1", "2", "3"])
        Item.objects.filter(pk=self.text.pk).update(required=False)
        self.campaign.questionnaire = self.version
        self.campaign.save(update_fields=["questionnaire"])
        self.tasks = [self.another_task() for _task in range(tasks)]

    def another_task(self, **fields):
        return make_task(
            self.campaign, due_at=timezone.now() - timedelta(minutes=1), now=timezone.now(), **fields
        )


def make_sale_campaign(desk):
    version = make_version(make_question("yesno", purpose="sale"))
    return make_campaign(team=desk.team, client=desk.client, kind="telemarketing", questionnaire=version)
