"""The conversation's side of the screen: questions with what was answered, the issue form, times to call again."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from callbacks.queries import questionnaire_of
from callcenter.texts import localized
from complaints.models import Issue
from desk.queries.kept import form_at_hand, points_at_hand
from desk.states import OnTheLine
from surveys.rules.branching import visible

# What the identity step alone decides: somebody else is there, the customer will not talk.
AT_ONCE = {OnTheLine.OTHER: "GATE", OnTheLine.REFUSES: "REFUSE"}
# On a scale from 0 to 10 the row of digits is the scale itself, so the two keys beside it stand for 10 and for refusing.
TEN_KEYS = {"0": "0", "10": "-"}
REFUSED_KEY, REFUSED_KEY_OF_TEN = "0", "="


def add_form(screen, now):
    """Questions, problem points and times, each with what the draft holds."""
    version = questionnaire_of(screen.task)
    given = screen.draft.get("answers", {})
    screen.items = [_shown(item, given) for item in form_at_hand(version.pk)] if version else []
    if screen.task.campaign.identity_check:
        who = screen.draft.get("spoke_to", "")
        screen.on_the_line = [
            {"value": value, "text": text, "key": str(place), "chosen": value == who}
            for place, (value, text) in enumerate(OnTheLine.choices, start=1)
        ]
    screen.points = points_at_hand()
    screen.urgencies = Issue.Urgency.choices
    screen.appointments = _appointments(now)


def suggestion(screen) -> str:
    """The code of the result that what was typed speaks for; "" where only the agent can know. Her digit changes it."""
    if screen.draft.get("appointment_at") or screen.draft.get("appointment_other"):
        return screen.appointment_code
    if at_once := AT_ONCE.get(screen.draft.get("spoke_to", "")):
        return at_once
    if not screen.items or not _complete(screen):
        return ""
    sale = next((item for item in screen.items if item["purpose"] == "sale" and item["chosen"]), None)
    if sale:
        return "SALE" if "yes" in sale["chosen"] else "NOSALE"
    return "DONE_ISSUE" if screen.draft.get("issue_text") else "DONE"


class _Asked:
    """A shown item as the rule of branching wants it."""

    def __init__(self, item):
        self.id, self.kind = item["id"], item["kind"]
        self.depends_on, self.when_values = item["depends_on"], item["when_values"]


def _complete(screen):
    """Whether every required question on the way through the questionnaire has its answer."""
    chosen = {item["id"]: item["chosen"] for item in screen.items}
    asked = set(visible([_Asked(item) for item in screen.items], chosen))
    return all(
        item["chosen"] or item["refused"] for item in screen.items if item["id"] in asked and item["required"]
    )


def _shown(item, given):
    """One question with what the draft holds, its options numbered for the keys."""
    value = given.get(str(item.id), "")
    chosen = [one for one in (value if isinstance(value, list) else [value]) if one]
    of_ten = item.kind == "scale10"
    options = [
        {
            "value": option.value,
            "text": localized(option.text),
            "key": TEN_KEYS.get(option.value, option.key) if of_ten else option.key,
            "chosen": option.value in chosen,
        }
        for option in item.options
    ]
    return {
        "id": item.id,
        "kind": item.kind,
        "text": localized(item.text),
        "required": item.required,
        "depends_on": item.depends_on,
        "when_values": item.when_values,
        "purpose": item.purpose,
        "options": options,
        "value": value if isinstance(value, str) else "",
        "chosen": chosen,
        "refused": str(item.id) in given and given[str(item.id)] is None,
        "refused_key": REFUSED_KEY_OF_TEN if of_ten else REFUSED_KEY,
        "wide": of_ten,
    }


def _appointments(now):
    """Three times one digit away: tomorrow at this hour, in two hours, tomorrow morning; in the site's zone."""
    here = timezone.localtime(now).replace(second=0, microsecond=0)
    choices = (
        (_("tomorrow, same time"), here + timedelta(days=1)),
        (_("in two hours"), here + timedelta(hours=2)),
        (_("tomorrow morning"), (here + timedelta(days=1)).replace(hour=9, minute=30)),
    )
    return [
        {
            "value": at.strftime("%Y-%m-%d %H:%M"),
            "label": label,
            "at": date_format(at, "SHORT_DATETIME_FORMAT"),
        }
        for label, at in choices
    ]
