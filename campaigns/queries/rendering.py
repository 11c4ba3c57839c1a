"""A script as it is read to one customer (CAM-5)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language

from callcenter.texts import localized
from callcenter.workdays import local_day
from campaigns.models import Campaign, ScriptVersion
from campaigns.queries.occasions import occasion_of, product_of
from campaigns.queries.outlines import outline_of
from campaigns.rules import merging, outline
from customers.models import Customer
from customers.rules.salutation import salutation, shown_name

DEFAULT_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Statement:
    """A mandatory statement: read out and ticked before the call goes on."""

    code: str
    text: str

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class RenderedStep:
    """One line of the outline with what stands below it; ``kind`` is that of ``rules.outline``."""

    kind: str
    text: str
    code: str = ""
    below: tuple["RenderedStep", ...] = ()


@dataclass(frozen=True)
class RenderedScript:
    """Texts with every field filled in. Empty texts mean: nothing to read.

    ``steps`` is the outline between opening and closing, ``statements`` are its mandatory lines once more.
    """

    salutation: str
    opening: str = ""
    closing: str = ""
    apology: str = ""
    statements: tuple[Statement, ...] = ()
    steps: tuple[RenderedStep, ...] = ()


def salutation_of(customer, language: str | None = None) -> str:
    """How the customer is addressed in the language of the call."""
    return salutation(**_addressed(customer, language))


def shown_name_of(customer, language: str | None = None) -> str:
    """How the customer is called on the agent's screen."""
    return shown_name(**_addressed(customer, language))


def _addressed(customer, language):
    return {
        "name": customer.name,
        "gender": customer.gender,
        "own": customer.salutation,
        "company": customer.nature == "company",
        "language": language or language_of(customer),
    }


def language_of(customer) -> str:
    """The customer's language, else the one on screen."""
    return (customer.language or get_language() or DEFAULT_LANGUAGE).lower()


def rendered_script(
    *,
    campaign: Campaign,
    customer,
    agent,
    product: str = "",
    today: date | None = None,
    debt_days: int | None = None,
    version: ScriptVersion | None = None,
    now: datetime | None = None,
) -> RenderedScript:
    """The campaign's script for this customer, in the customer's language; without a script only the salutation.

    ``version`` is the one a task has begun with, where that is not the campaign's current one. ``product`` and ``today``
    fill their merge fields. ``debt_days`` is the age of a debt: over three months the legal wording is read where there is
    one. With ``now`` all three come from what is on record about the customer.
    """
    language = language_of(customer)
    version = version or campaign.script
    if version is None:
        return RenderedScript(salutation_of(customer, language))
    if now is not None:
        known = occasion_of(campaign=campaign, version=version, customer=customer, now=now)
        today, product = today or known["today"], product or known.get("product", "")
        debt_days = known.get("debt_days") if debt_days is None else debt_days
    return render_version(
        version,
        customer=customer,
        language=language,
        debt_days=debt_days,
        values={
            "client": campaign.client.name,
            "campaign": campaign.name,
            "agent": agent.full_name if agent else "",
            "product": product,
            "date": date_format(today, "DATE_FORMAT") if today else "",
        },
    )


def render_version(
    version: ScriptVersion, *, customer, language: str, values: dict, debt_days: int | None = None
) -> RenderedScript:
    """A script version for a customer, with ``values`` for all fields but the salutation."""
    values = values | {"salutation": salutation_of(customer, language)}
    legal = merging.needs_legal_wording(debt_days) and any(version.legal_opening.values())

    def filled(texts):
        return merging.merge(localized(texts, language), values)

    old = merging.needs_legal_wording(debt_days)
    return RenderedScript(
        salutation=values["salutation"],
        opening=filled(version.legal_opening if legal else version.opening),
        closing=filled(version.closing),
        apology=filled(version.apology),
        statements=tuple(
            Statement(str(one.get("code", "")), filled(one["text"])) for one in version.statements
        ),
        steps=_steps(outline.tree(outline.in_wording(outline_of(version), old)), filled),
    )


def _steps(nodes, filled) -> tuple[RenderedStep, ...]:
    return tuple(
        RenderedStep(node.line.kind, filled(node.line.text), node.line.code, _steps(node.below, filled))
        for node in nodes
    )


def sample_customer() -> Customer:
    """A made-up customer for trying a script where nobody is in scope; never saved."""
    return Customer(name="王芳", gender=Customer.Gender.FEMALE)


def preview(
    version: ScriptVersion,
    *,
    customer,
    agent,
    now: datetime,
    debt_days: int | None = None,
    language: str = "",
) -> RenderedScript:
    """The version as ``agent`` would read it to ``customer`` today; a field that only a call fills stays as it is written."""
    client = version.script.client
    product = product_of(customer, now=now) if customer.pk else ""
    values = {
        "client": client.name if client else "{client}",
        "agent": agent.full_name,
        "product": product or "{product}",
        "campaign": "{campaign}",
        "date": date_format(local_day(now, settings.TIME_ZONE), "DATE_FORMAT"),
    }
    language = language or language_of(customer)
    return render_version(version, customer=customer, language=language, values=values, debt_days=debt_days)
