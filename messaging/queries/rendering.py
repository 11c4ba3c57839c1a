"""A text as one customer receives it (CB-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from callcenter.texts import localized
from customers.models import Customer
from customers.rules import merging
from customers.rules.salutation import salutation
from messaging.models import TemplateVersion
from messaging.rules.fields import stop_hint
from messaging.rules.segments import Cost, cost_of

LANGUAGES = {code for code, _name in settings.LANGUAGES}
SAMPLE_LINK = f"{settings.PUBLIC_URL}/s/{'x' * 22}/"


@dataclass(frozen=True)
class Rendered:
    """Subject and text with every field filled in, their language, and what it costs as SMS."""

    language: str
    subject: str
    body: str
    cost: Cost


def language_of(customer: Customer) -> str:
    """The customer's language, else the site's; always one of the three."""
    wanted = (customer.language or settings.LANGUAGE_CODE).lower()
    return wanted if wanted in LANGUAGES else settings.LANGUAGE_CODE


def render(version: TemplateVersion, *, customer: Customer, now: datetime, link: str = "") -> Rendered:
    """The version for a customer, whose ``client`` is loaded. ``link`` is the address of an invitation."""
    return fill(
        version.subjects,
        version.bodies,
        channel=version.template.channel,
        customer=customer,
        now=now,
        link=link,
    )


def fill(subjects, bodies, *, channel, customer, now, link="") -> Rendered:
    """The same for texts that are not saved yet."""
    language = language_of(customer)
    if not bodies.get(language):
        language = next((code for code in ("zh-hans", "en", "zh-hant") if bodies.get(code)), language)
    with translation.override(language):
        today = date_format(timezone.localdate(now), "DATE_FORMAT")
        centre = str(settings.SITE_NAME)
    values = {
        "salutation": salutation(
            name=customer.name,
            gender=customer.gender,
            own=customer.salutation,
            company=customer.nature == Customer.Nature.COMPANY,
            language=language,
        ),
        "client": customer.client.name if customer.client_id else "",
        "centre": centre,
        "date": today,
        "link": link,
        "stop": stop_hint(channel, language),
    }
    body = merging.merge(localized(bodies, language), values)
    subject = " ".join(merging.merge(localized(subjects, language), values).split())
    return Rendered(language, subject[:200], body, cost_of(body))
