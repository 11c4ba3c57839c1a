"""Makers for the tests of this app and of those above it."""

import itertools

from customers.tests.make import NOW, make_consent, make_customer, make_team, make_user
from messaging import catalogue
from messaging.actions import plan_message
from messaging.models import StopWord, Template, TemplateVersion

__all__ = ["NOW", "make_consent", "make_customer", "make_team", "make_user"]
_count = itertools.count(1)


def load_texts():
    """The shipped texts and stop words; they come with the migrations, but a transactional test empties every table."""
    catalogue.load_texts(Template, TemplateVersion, StopWord, now=NOW)


def make_version(channel="sms", *, kind="thanks", purpose="service", body="{salutation}您好", approved=True):
    """A text of a new template."""
    number = next(_count)
    template = Template.objects.create(
        code=f"X{number}", name={"zh-hans": f"短信{number}"}, kind=kind, channel=channel, purpose=purpose
    )
    return TemplateVersion.objects.create(
        template=template,
        number=1,
        subjects={} if channel == "sms" else {"zh-hans": "主题"},
        bodies={"zh-hans": body},
        state="approved" if approved else "draft",
        created_at=NOW,
    )


def make_reachable(*, channel="sms", purpose="service", **fields):
    """A customer with a number, an e-mail and an address, who agrees to the channel for the purpose."""
    number = next(_count)
    fields = {
        "phones": [f"+86137{number:08}"],
        "email": f"k{number}@example.com",
        "address": "杭州市中山路1号",
        "name": "王芳",
        "gender": "f",
    } | fields
    customer = make_customer(**fields)
    if channel:
        make_consent(customer, channel=channel, purpose=purpose)
    return customer


def make_message(customer=None, version=None, *, now=NOW, **fields):
    """A planned message to a customer who agrees."""
    version = version or make_version()
    customer = customer or make_reachable(channel=version.template.channel, purpose=version.template.purpose)
    fields = {"key": f"test:{next(_count)}", "by": None} | fields
    return plan_message(customer=customer, version=version, now=now, **fields)[0]
