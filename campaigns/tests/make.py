"""Makers of this app's tests: campaigns, policies, scripts, dispositions."""

import itertools
from datetime import date

from campaigns.actions import load_dispositions
from campaigns.models import Campaign, Disposition, Policy, Script, ScriptVersion
from people.models import Calendar
from surveys.tests.make import NOW, make_client, make_team, make_user, make_version, texts

_numbers = itertools.count(1)
__all__ = ["NOW", "make_client", "make_team", "make_user", "make_version", "texts"]


def make_calendar(**fields):
    return Calendar.objects.create(**({"name": f"Calendar {next(_numbers)}"} | fields))


def make_disposition(code="DONE"):
    """A shipped disposition; loads the catalogue where a flushed test database has lost it."""
    found = Disposition.objects.filter(code=code).first()
    if found is None:
        load_dispositions()
        found = Disposition.objects.get(code=code)
    return found


def make_campaign(*, state="draft", teams=None, questionnaire=..., **fields):
    """A campaign of one new team with a published one-question questionnaire, in any state."""
    number = next(_numbers)
    values = {
        "client": fields.pop("client", None) or make_client(),
        "name": f"Campaign {number}",
        "code": f"C{number}",
        "kind": "satisfaction",
        "state": state,
        "starts_on": date(2026, 11, 1),
        "calendar": fields.pop("calendar", None) or make_calendar(),
        "questionnaire": make_version("scale5") if questionnaire is ... else questionnaire,
        "created_at": NOW,
    }
    campaign = Campaign.objects.create(**(values | fields))
    campaign.teams.set([make_team()] if teams is None else teams)
    return campaign


def make_policy(campaign=None, **fields):
    values = {
        "campaign": campaign or make_campaign(),
        "name": "Claim",
        "event_kind": "claim_settled",
        "seed": "5eed",
    }
    return Policy.objects.create(**(values | fields))


def make_script(client=None, **fields):
    number = next(_numbers)
    return Script.objects.create(
        **({"name": f"Script {number}", "code": f"S{number}", "client": client} | fields)
    )


def make_script_version(script=None, *, approved=True, **fields):
    """A version with an opening and a closing; ``approved`` by operations and, where there is one, by the client."""
    script = script or make_script()
    values = {
        "script": script,
        "number": next(_numbers),
        "opening": texts("您好 {salutation}"),
        "closing": texts("再见"),
        "created_at": NOW,
        "approved_at": NOW if approved else None,
        "client_approved_at": NOW if approved and script.client_id else None,
    }
    return ScriptVersion.objects.create(**(values | fields))
