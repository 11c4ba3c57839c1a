"""The shape of what people type about complaints: one form per verb of the procedure."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from complaints.forms.issues import departments
from complaints.models import Complaint, Issue
from complaints.queries.people import handlers_of
from customers.models import Customer
from people.models import User

LONG = {"rows": 3}
REMEDIES = 3


def _text(label, *, required=True, limit=5000):
    return forms.CharField(
        label=label, required=required, max_length=limit, widget=forms.Textarea(attrs=LONG)
    )


class ComplaintFilter(forms.Form):
    q = forms.CharField(label=_("Number or customer"), required=False, max_length=80)


class RegisterForm(forms.Form):
    customer = forms.ModelChoiceField(Customer.objects.none(), widget=forms.HiddenInput)
    issue = forms.ModelChoiceField(Issue.objects.none(), widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Complaint.Channel.choices)
    media = forms.BooleanField(label=_("The press or other media are involved"), required=False)
    content = _text(_("What the customer complains about"))
    demand = _text(_("What the customer asks for"), required=False)
    term = forms.ChoiceField(
        label=_("Time allowed"), choices=Complaint.Term.choices, initial=Complaint.Term.SIMPLE
    )
    department = forms.ModelChoiceField(departments(), label=_("Department"), required=False)
    concerned_agent = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Agent complained about"),
        required=False,
        help_text=_("This person can neither handle nor approve the complaint."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("client_uuid", uuid.uuid4())
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(user)
        self.fields["issue"].queryset = Issue.objects.visible_to(user)
        self.fields["concerned_agent"].queryset = (
            User.objects.visible_to(user)
            .filter(memberships__role=Role.AGENT)
            .order_by("full_name", "id")
            .distinct()
        )

    def clean(self):
        values = super().clean()
        issue, customer = values.get("issue"), values.get("customer")
        if issue and customer and issue.customer_id != customer.pk:
            self.add_error(
                None, _("The issue belongs to another customer. Start again from the issue’s page.")
            )
        return values


class VerbForm(forms.Form):
    """A form about one complaint; ``complaint`` narrows what may be chosen."""

    def __init__(self, *args, complaint, **kwargs):
        super().__init__(*args, **kwargs)
        self.complaint = complaint
        self.prepare(complaint)

    def prepare(self, complaint):
        pass


class AcknowledgeForm(VerbForm):
    note = forms.CharField(label=_("How the customer was told"), max_length=500)


class JudgeForm(VerbForm):
    founded = forms.TypedChoiceField(
        label=_("Judgement"),
        choices=[("yes", _("Founded")), ("no", _("Not founded: the customer gets a courteous answer"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = _text(_("Reason"), limit=500)
    department = forms.ModelChoiceField(departments(), label=_("Responsible department"), required=False)

    serious = forms.BooleanField(
        label=_("Serious: propose the customer for the do-not-call list"),
        required=False,
        help_text=_("The entry holds only after a second person has approved it."),
    )

    def prepare(self, complaint):
        self.fields["department"].initial = complaint.department_id


class InvestigateForm(VerbForm):
    promised_at = forms.DateTimeField(
        label=_("Answer promised to the customer by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class ProposeForm(VerbForm):
    finding = _text(_("Finding"), limit=500)
    cause = forms.ChoiceField(label=_("Cause"), choices=Complaint.Cause.choices, required=False)
    prevention = _text(_("Preventive measures"), required=False, limit=2000)

    def prepare(self, complaint):
        for number in range(1, REMEDIES + 1):
            numbered = {"number": number}
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Remedy %(number)s") % numbered, required=number == 1, max_length=1000
            )
            self.fields[f"cost_{number}"] = forms.DecimalField(
                label=_("Cost of remedy %(number)s") % numbered,
                required=False,
                max_digits=12,
                decimal_places=2,
                min_value=0,
            )
            self.fields[f"benefit_{number}"] = forms.CharField(
                label=_("Benefit of remedy %(number)s") % numbered, required=False, max_length=300
            )
            self.fields[f"risk_{number}"] = forms.CharField(
                label=_("Risk of remedy %(number)s") % numbered, required=False, max_length=300
            )

    def clean(self):
        values = super().clean()
        parts = ("text", "cost", "benefit", "risk")
        rows = [
            {part: values.pop(f"{part}_{number}", None) for part in parts}
            for number in range(1, REMEDIES + 1)
        ]
        return values | {"remedies": [row for row in rows if row["text"]]}


class ApproveForm(VerbForm):
    remedy = forms.ModelChoiceField(None, label=_("Remedy"), widget=forms.RadioSelect, empty_label=None)
    note = forms.CharField(label=_("Instruction"), required=False, max_length=500)

    def prepare(self, complaint):
        pending = complaint.remedies.filter(round=complaint.round, approved_by=None, rejected_by=None)
        self.fields["remedy"].queryset = pending.order_by("id")


class RejectForm(VerbForm):
    reason = _text(_("What is missing"), limit=500)


class CarryOutForm(VerbForm):
    note = _text(_("What was done"), limit=500)


class CallBackForm(VerbForm):
    satisfied = forms.TypedChoiceField(
        label=_("The customer is satisfied with the outcome"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = _text(_("What the customer said"), required=False, limit=500)


class ArchiveForm(VerbForm):
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class ReopenForm(VerbForm):
    reason = _text(_("Why the complaint is opened again"), limit=500)


class NoteForm(VerbForm):
    text = _text(_("Internal note"), limit=2000)


class PauseForm(VerbForm):
    reason = forms.CharField(label=_("What the customer still has to tell or send"), max_length=500)


class ResumeForm(VerbForm):
    """A button: nothing to type."""


class HandlerForm(VerbForm):
    handler = forms.ModelChoiceField(User.objects.none(), label=_("Handler"))

    def prepare(self, complaint):
        if complaint.team_id:
            people = handlers_of(complaint.team).exclude(pk=complaint.concerned_agent_id)
            self.fields["handler"].queryset = people


# One form per verb of the procedure, for the pages and the API.
VERB_FORMS = {
    "acknowledge": AcknowledgeForm,
    "judge": JudgeForm,
    "investigate": InvestigateForm,
    "propose": ProposeForm,
    "approve": ApproveForm,
    "reject": RejectForm,
    "carry-out": CarryOutForm,
    "call-back": CallBackForm,
    "archive": ArchiveForm,
    "reopen": ReopenForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "handler": HandlerForm,
}
