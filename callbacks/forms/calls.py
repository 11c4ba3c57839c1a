"""What people type about tasks, calls and orders."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callbacks.actions.import_calls import read_mapping
from callbacks.models import Call, Confirmation, Task
from callbacks.queries import lists, promises, trials
from callbacks.rules.trial import CRITERIA, HEARD
from callbacks.states import TRIAL_RUNS, OrderState, TaskState
from campaigns.models import Campaign, Disposition
from messaging.models import TemplateVersion

ALL = ("", _("all"))
DAY = forms.DateInput(attrs={"type": "date"})
MOST_ROWS = 500
DAYS_BACK = 30
# An id, or "none" for those without; longer numbers name nothing.
KEY = r"\A([1-9][0-9]{0,11}|none)\Z"


class _Filter(forms.Form):
    """A filter of a list: nonsense does not filter."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=ALL[1]
    )
    agent = forms.ModelChoiceField(None, label=_("Agent"), required=False, empty_label=ALL[1])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = lists.campaigns_in_scope(user)
        self.fields["agent"].queryset = lists.agents_in_scope(user)

    def chosen(self) -> dict:
        """The filters that make sense."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TaskFilter(_Filter):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *TaskState.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Task.Kind.choices])


class CallFilter(_Filter):
    day = forms.DateField(label=_("Day"), required=False, widget=DAY)
    disposition = forms.ModelChoiceField(
        None, label=_("Result"), required=False, empty_label=ALL[1], to_field_name="code"
    )
    source = forms.ChoiceField(label=_("Recorded by"), required=False, choices=[ALL, *Call.Source.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disposition"].queryset = lists.results()


class OrderFilter(_Filter):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *OrderState.choices])


class TaskVerbForm(forms.Form):
    """What a lead does with the tasks ticked in the list, or with one task."""

    VERBS = (
        ("assign", _("keep for an agent")),
        ("free", _("free for the whole team")),
        ("move", _("give to another team")),
        ("reclaim", _("take back from the agent")),
        ("lift", _("end the hold")),
        ("cancel", _("cancel")),
    )
    verb = forms.ChoiceField(label=_("Action"), choices=VERBS)
    task = forms.TypedMultipleChoiceField(
        coerce=int, required=True, error_messages={"required": _("Tick at least one task.")}
    )
    agent = forms.ModelChoiceField(None, label=_("Agent"), required=False)
    team = forms.ModelChoiceField(None, label=_("Team"), required=False)
    note = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = lists.agents_in_scope(user)
        self.fields["team"].queryset = lists.teams_led_by(user)
        given = self.data.getlist("task")[:MOST_ROWS] if hasattr(self.data, "getlist") else []
        self.fields["task"].choices = [
            (value, value) for value in given if value.isascii() and value.isdigit() and len(value) < 19
        ]

    def clean(self):
        data = super().clean()
        needed = {"assign": "agent", "move": "team", "lift": "note", "cancel": "note"}.get(data.get("verb"))
        if needed and not data.get(needed) and needed not in self.errors:
            messages = {
                "agent": _("Choose the agent who is to get the tasks."),
                "team": _("Choose the team that is to get the tasks."),
                "note": _("Give the reason; it stays in the history."),
            }
            self.add_error(needed, messages[needed])
        return data


class CorrectionForm(forms.Form):
    disposition = forms.ModelChoiceField(None, label=_("Right result"), to_field_name="code")
    reason = forms.CharField(label=_("Reason of the correction"), max_length=300)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disposition"].queryset = lists.results().filter(active=True, system=False)


class OrderVerbForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300)


class TrialFilter(_Filter):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ALL,
            *((state.value, state.label) for state in TRIAL_RUNS),
            *(
                (state.value, state.label)
                for state in (OrderState.BILLING, OrderState.CANCELLED, OrderState.VOID)
            ),
        ],
    )
    ends_before = forms.DateField(label=_("Ends by"), required=False, widget=DAY)


class _TrialForm(forms.Form):
    """A form of the page of a trial."""

    def __init__(self, *args, trial, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(trial)

    def offer(self, trial):
        """Fill the choices that depend on the trial."""

    def values(self) -> dict:
        """Keyword arguments of ``run_trial_verb``."""
        return dict(self.cleaned_data)


class AskForm(_TrialForm):
    """Nothing to fill in."""


class ReasonForm(_TrialForm):
    note = forms.CharField(label=_("Reason"), max_length=300)


class MessageForm(_TrialForm):
    text = forms.ModelChoiceField(TemplateVersion.objects.none(), label=_("Text"), empty_label=None)

    def offer(self, trial):
        self.fields["text"].queryset = trials.confirming_texts()


class AnswerForm(_TrialForm):
    evidence = forms.ChoiceField(
        label=_("Where the customer said so"), help_text=_("A call that reached the customer, or a reply.")
    )
    answer = forms.ChoiceField(
        label=_("Answer"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Confirmation.Answer.choices if choice[0] in HEARD],
    )
    criteria = forms.MultipleChoiceField(
        label=_("Criteria that are met"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, Confirmation._meta.get_field(name).verbose_name) for name in CRITERIA],
        help_text=_("“Goes on” counts only with all four; with fewer the customer is asked again."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def offer(self, trial):
        """The calls and replies that may be named, by their numbers."""
        self.rows = {f"call:{row.pk}": {"call": row} for row in trial.calls}
        self.rows |= {f"reply:{row.pk}": {"reply": row} for row in trial.replies}
        self.fields["evidence"].choices = [(key, self._label(row)) for key, row in self.rows.items()]

    def _label(self, row):
        if call := row.get("call"):
            at = date_format(timezone.localtime(call.started_at), "SHORT_DATETIME_FORMAT")
            return f"{gettext('Call')} #{call.pk} · {at} · {call.disposition}"
        reply = row["reply"]
        at = date_format(timezone.localtime(reply.received_at), "SHORT_DATETIME_FORMAT")
        return f"{gettext('Reply')} #{reply.pk} · {at} · {reply.body[:60]}"

    def values(self):
        data = dict(self.cleaned_data)
        return data | self.rows[data.pop("evidence")]


TRIAL_FORMS = {
    "answer": AnswerForm,
    "ask": AskForm,
    "message": MessageForm,
    "extend": ReasonForm,
    "cancel": ReasonForm,
    "void": ReasonForm,
}


def trial_forms(trial, failed=None) -> dict:
    """A form for each thing this person may do now; ``failed`` is (verb, form) of one that was refused."""
    found = {verb: TRIAL_FORMS[verb](trial=trial) for verb in trial.verbs}
    return found | ({failed[0]: failed[1]} if failed else {})


class ImportCallsForm(forms.Form):
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"))
    upload = forms.FileField(label=_("File"), help_text=_("CSV or XLSX with one call per row."))
    mapping = forms.FileField(
        label=_("Mapping"),
        required=False,
        help_text=_(
            "A JSON file that says which column is what. Without it the columns are recognised by their names."
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = lists.campaigns_in_scope(user)

    def mapping_data(self):
        """The mapping as data, or None. Raises ``Refused`` when it is not readable."""
        upload = self.cleaned_data["mapping"]
        return read_mapping(upload.read(1_000_000)) if upload else None


class PromiseFilter(forms.Form):
    """The period and the narrowing of the promise board; nonsense does not filter, and no start means thirty days back."""

    start = forms.DateField(label=_("Windows that end from"), required=False, widget=DAY)
    end = forms.DateField(label=_("to"), required=False, widget=DAY)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=ALL[1]
    )
    # Set by the links of the board, kept when the period changes.
    policy = forms.RegexField(KEY, required=False, widget=forms.HiddenInput)
    unit = forms.RegexField(KEY, required=False, widget=forms.HiddenInput)
    region = forms.RegexField(KEY, required=False, widget=forms.HiddenInput)
    agent = forms.RegexField(KEY, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = lists.campaigns_in_scope(user)

    def choice(self, today) -> promises.Choice:
        """What was chosen, as the queries of the board read it."""
        self.is_valid()
        found = self.cleaned_data
        keys = {name: found.get(name) for name in ("policy", "unit", "region", "agent")}
        campaign = found.get("campaign")
        return promises.Choice(
            start=found.get("start") or today - timedelta(days=DAYS_BACK),
            end=found.get("end"),
            campaign=campaign.pk if campaign else None,
            **{
                name: key if key == promises.NOBODY else int(key) if key else None
                for name, key in keys.items()
            },
        )


class WaveForm(forms.Form):
    """The results that are worked again; whoever asked not to be called is never among them."""

    results = forms.ModelMultipleChoiceField(Disposition.objects.filter(do_not_call=False))
