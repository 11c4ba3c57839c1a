"""A script as it is read to one customer (CAM-5)."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from callcenter.texts import localized
from campaigns.models import Campaign, ScriptVersion
from campaigns.rules import merging
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
class RenderedScript:
    """Texts with every field filled in. Empty texts mean: nothing to read."""

    salutation: str
    opening: str = ""
    closing: str = ""
    apology: str = ""
    statements: tuple[Statement, ...] = ()


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
) -> RenderedScript:
    """The campaign's script for this customer, in the customer's language; without a script only the salutation.

    ``product`` and ``today`` fill their merge fields. ``debt_days`` is the age of a debt: over three months the legal
    opening is read where there is one.
    """
    language = language_of(customer)
    if campaign.script is None:
        return RenderedScript(salutation_of(customer, language))
    return render_version(
        campaign.script,
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

    return RenderedScript(
        salutation=values["salutation"],
        opening=filled(version.legal_opening if legal else version.opening),
        closing=filled(version.closing),
        apology=filled(version.apology),
        statements=tuple(
            Statement(str(one.get("code", "")), filled(one["text"])) for one in version.statements
        ),
    )


def sample_customer() -> Customer:
    """A made-up customer for trying a script where nobody is in scope; never saved."""
    return Customer(name="王芳", gender=Customer.Gender.FEMALE)


def preview(version: ScriptVersion, *, customer, agent) -> RenderedScript:
    """The version as ``agent`` would read it to ``customer``; fields that only a campaign fills stay empty."""
    client = version.script.client
    values = {"client": client.name if client else "", "agent": agent.full_name}
    return render_version(version, customer=customer, language=language_of(customer), values=values)
