"""What people type about messages, batches and replies."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy

from customers.forms import CustomerFilter
from customers.models import Customer
from messaging.models import Template
from messaging.queries.lists import sendable
from messaging.states import MessageState

ALL = gettext_lazy("all")


class MessageFilter(forms.Form):
    """Filters of the list; nonsense values simply do not filter."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", ALL), *MessageState.choices]
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        required=False,
        choices=[("", ALL), *((one.value, one.label) for one in Template.CHANNELS)],
    )
    batch = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput, label=gettext_lazy("Batch")
    )

    def chosen(self) -> dict:
        """Keyword arguments of ``queries.lists.messages``."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SingleForm(forms.Form):
    """One approved text to one customer: one of ``texts``, else of all that can be sent from the pages of messages.

    ``client_uuid`` makes sending the form twice one message.
    """

    template = forms.ModelChoiceField(label=gettext_lazy("Text"), queryset=Template.objects.none())
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, user, texts=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = sendable(user) if texts is None else texts
        self.fields["template"].label_from_instance = template_label


def template_label(template) -> str:
    """A text with its channel, as lists of choices name it."""
    return f"{template} · {template.get_channel_display()}"


class BatchForm(CustomerFilter):
    """Text, customers and time of a batch. Unlike in a search, a filter that makes no sense is refused."""

    name = forms.CharField(label=gettext_lazy("Name of the batch"), max_length=120)
    template = forms.ModelChoiceField(label=gettext_lazy("Text"), queryset=Template.objects.none())
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Starts"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: at once, within the permitted hours of each customer."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ["name", "template", "starts_at"]

    def __init__(self, *args, user, texts=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        del self.fields["missing"]
        self.fields["template"].queryset = sendable(user) if texts is None else texts
        self.fields["template"].label_from_instance = template_label

    def values(self) -> dict:
        """Name, text, time and number, as keyword arguments of ``actions.create_batch``."""
        return {name: self.cleaned_data[name] for name in ("name", "template", "starts_at", "client_uuid")}

    def filters(self) -> dict:
        """The filters among the values, as keyword arguments of ``customers.queries.customer_list``."""
        own = {"name", "template", "starts_at", "client_uuid"}
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in own}
        return {name: value for name, value in chosen.items() if value not in ("", None)}


class AnswerForm(forms.Form):
    """What a customer answers on the page of the local gateway."""

    text = forms.CharField(label=gettext_lazy("Answer as the customer"), max_length=500)


class HandleForm(forms.Form):
    """What was done about a reply; for one of nobody known, also whose it is."""

    customer = forms.ModelChoiceField(
        label=gettext_lazy("Whose reply it is"),
        queryset=Customer.objects.none(),
        required=False,
        to_field_name="external_id",
        widget=forms.TextInput,
        help_text=gettext_lazy("The customer number."),
    )
    withdraw = forms.BooleanField(
        label=gettext_lazy("The customer wants no more messages: withdraw the consent"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, user, reply, **kwargs):
        super().__init__(*args, **kwargs)
        if reply.customer_id:
            del self.fields["customer"]
        else:
            self.fields["customer"].queryset = Customer.objects.visible_to(user)


class PostedForm(forms.Form):
    """The letters that were printed and posted."""

    message = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data, *, letters):
        super().__init__(data)
        self.letters = {letter.pk: letter for letter in letters}
        self.fields["message"].choices = [(pk, str(pk)) for pk in self.letters]

    def chosen(self) -> list:
        """The ticked letters; none when the form makes no sense."""
        return [self.letters[pk] for pk in self.cleaned_data["message"]] if self.is_valid() else []
