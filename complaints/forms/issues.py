"""The shape of what people type about issues and focus issues."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Issue, ProblemPoint
from customers.models import Customer
from people.models import Department


def departments():
    """The departments that may be chosen."""
    return Department.objects.filter(active=True).order_by("name", "id")


class IssueFilter(forms.Form):
    q = forms.CharField(label=_("Number or customer"), required=False, max_length=80)
    department = forms.ModelChoiceField(departments(), label=_("Department"), required=False)
    point = forms.ModelChoiceField(
        ProblemPoint.objects.order_by("id"), label=_("Problem point"), required=False
    )


class RaiseForm(forms.Form):
    """An issue that was not raised in a call: reported inside the house, or by letter."""

    customer = forms.ModelChoiceField(Customer.objects.none(), widget=forms.HiddenInput)
    problem_point = forms.ModelChoiceField(
        ProblemPoint.objects.filter(active=True).order_by("id"), label=_("Problem point")
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=Issue.Urgency.choices, initial=Issue.Urgency.IMPORTANT
    )
    major = forms.BooleanField(
        label=_("Major: the customer is called again on the next working day"), required=False
    )
    department = forms.ModelChoiceField(
        departments(),
        label=_("Department"),
        required=False,
        help_text=_("Empty: the department of the problem point."),
    )
    description = forms.CharField(
        label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    suggestion = forms.CharField(
        label=_("Suggestion of the customer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    competitor = forms.CharField(label=_("Competitor"), required=False, max_length=200)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("client_uuid", uuid.uuid4())
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(user)


class SendForm(forms.Form):
    department = forms.ModelChoiceField(departments(), label=_("Department"))
    note = forms.CharField(label=_("Message to the department"), required=False, max_length=500)


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)
    solved = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("The problem is solved")), ("no", _("Not solved yet, a further answer follows"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class SolveForm(forms.Form):
    note = forms.CharField(
        label=_("How it was solved"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )


class ReopenForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is opened again"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )


class ConfirmForm(forms.Form):
    """A button: nothing to type."""


class AllowForm(forms.Form):
    reason = forms.CharField(label=_("Why another outcome is allowed"), max_length=300)


class NoticeForm(forms.Form):
    notice = forms.CharField(
        label=_("Answer for customers"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class ResolveForm(forms.Form):
    resolution = forms.CharField(
        label=_("Solution"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
