"""What the desk sends: the call's result, the answers, an issue, an appointment; all typed by one agent in one call."""

from datetime import timedelta

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from callbacks.models import Confirmation
from callbacks.rules.trial import CRITERIA, HEARD
from campaigns.models import Disposition
from complaints.models import Issue, ProblemPoint
from customers.models import Channel
from desk.rules.keys import MISSING, NOT_ONE_KEY, RESERVED, TWICE, own_keys, problems_of
from desk.states import USUAL_KEYS, Command, OnTheLine

LONGEST_CUT = 60 * 60 * 1000
# Any of these makes an issue; urgency, point and text are then needed.
ISSUE = ("issue_urgency", "issue_point", "issue_major", "issue_text", "issue_suggestion", "issue_competitor")
TYPED = (
    "spoke_to",
    "send_by",
    "disposition",
    "note",
    "appointment_at",
    "appointment_other",
    *ISSUE,
    "outcome",
    "rating",
    "trial_answer",
)
SAID = [choice for choice in Confirmation.Answer.choices if choice[0] in HEARD]


class HoldForm(forms.Form):
    """Proof that this page still holds the task: the fencing token it was given."""

    token = forms.IntegerField(min_value=0, max_value=2_147_483_647)
    # Milliseconds since the key was pressed, where the page had no connection at that moment.
    ago = forms.IntegerField(min_value=0, max_value=LONGEST_CUT, required=False)

    def moment(self, now):
        """When the agent pressed the key."""
        return now - timedelta(milliseconds=self.cleaned_data["ago"] or 0)


class DialForm(HoldForm):
    phone_id = forms.IntegerField(min_value=1, max_value=2**62)


class WrapUpForm(HoldForm):
    client_uuid = forms.UUIDField()
    issue_uuid = forms.UUIDField()
    disposition = forms.ModelChoiceField(
        Disposition.objects.filter(active=True, system=False),
        to_field_name="code",
        error_messages={"required": _("Choose the result of the call first.")},
    )
    spoke_to = forms.ChoiceField(choices=OnTheLine, required=False)
    send_by = forms.ChoiceField(
        choices=[(one.value, "") for one in (Channel.EMAIL, Channel.SMS)], required=False
    )
    note = forms.CharField(max_length=500, required=False)
    appointment_at = forms.DateTimeField(required=False)
    appointment_other = forms.DateTimeField(required=False)
    issue_urgency = forms.ChoiceField(choices=Issue.Urgency, required=False)
    issue_point = forms.ModelChoiceField(
        ProblemPoint.objects.filter(active=True), to_field_name="code", required=False
    )
    issue_major = forms.BooleanField(required=False)
    issue_text = forms.CharField(max_length=4_000, required=False)
    issue_suggestion = forms.CharField(max_length=2_000, required=False)
    issue_competitor = forms.CharField(max_length=200, required=False)
    outcome = forms.ChoiceField(choices=[("solved", ""), ("unsolved", "")], required=False)
    rating = forms.IntegerField(min_value=1, max_value=5, required=False)
    trial_answer = forms.ChoiceField(choices=SAID, required=False)
    criteria = forms.MultipleChoiceField(choices=[(name, name) for name in CRITERIA], required=False)

    def clean(self):
        data = super().clean()
        data["call_again_at"] = data.get("appointment_other") or data.get("appointment_at")
        if (disposition := data.get("disposition")) and disposition.appointment and not data["call_again_at"]:
            self.add_error("appointment_at", _("Choose when to call again."))
        wants_issue = any(data.get(name) for name in ISSUE)
        if wants_issue:
            for name, message in (
                ("issue_point", _("Choose the problem point of the issue.")),
                ("issue_urgency", _("Choose how urgent the issue is.")),
                ("issue_text", _("Write what happened, in the customer's words.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        data["wants_issue"] = wants_issue
        return data


class UndoForm(forms.Form):
    client_uuid = forms.UUIDField()


class RecoverForm(forms.Form):
    """The result of a call that a crash has left without one."""

    disposition = forms.ModelChoiceField(
        Disposition.objects.filter(active=True, system=False),
        to_field_name="code",
        error_messages={"required": _("Choose the result of the call first.")},
    )
    note = forms.CharField(max_length=500, required=False)


class KeysForm(forms.Form):
    """One key for each command of the desk; together they must make sense."""

    PROBLEMS = {
        MISSING: _("Give the command a key."),
        NOT_ONE_KEY: _("Type one small letter or sign of the keyboard, without an accent."),
        RESERVED: _("This key answers questions or asks for a break. Choose another one."),
        TWICE: _("Two commands have this key. Change one of them."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for command in Command:
            self.fields[command.value] = forms.CharField(
                label=command.label,
                max_length=1,
                required=False,
                help_text=format_lazy("{} {}", _("usual key:"), USUAL_KEYS[command].upper()),
                widget=forms.TextInput(attrs={"size": 2, "autocapitalize": "off", "autocomplete": "off"}),
            )

    def clean(self):
        data = super().clean()
        keys = {command.value: data.get(command.value, "").lower() for command in Command}
        for command, problem in problems_of(keys).items():
            if command not in self.errors:
                self.add_error(command, self.PROBLEMS[problem])
        return keys

    def own(self) -> dict:
        """The keys that differ from the usual ones."""
        return own_keys({command.value: key for command, key in USUAL_KEYS.items()}, self.cleaned_data)


def typed(post) -> dict:
    """Everything the agent has typed so far, as the draft keeps it."""
    content = {name: post[name] for name in TYPED if post.get(name)}
    if len(place := post.get("script_at", "")) < 5 and place.isascii() and place.isdigit():
        content["script_at"] = place
    content["answers"] = answers(post)
    content["statements"] = post.getlist("statement")[:50]
    content["criteria"] = post.getlist("criteria")[: len(CRITERIA)]
    return content


def answers(post) -> dict:
    """``{item id: list of values | text | None}`` from the fields ``a-<id>``; None for ``r-<id>`` (not answered)."""
    given = {}
    for name in list(post)[:500]:
        kind, _dash, item = name.partition("-")
        if kind == "r" and item.isascii() and item.isdigit():
            given[item] = None
        elif kind == "a" and item.isascii() and item.isdigit() and f"r-{item}" not in post:
            values = [value for value in post.getlist(name) if value != ""]
            if values:
                given[item] = values if len(values) > 1 else values[0]
    return given
