"""What people say about contacts: consent, the state of a number, why they look at one (CUS-7 … CUS-11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Consent, Phone, Purpose


class PurposeForm(forms.Form):
    """For which purpose and channel the page asks whether the customer may be contacted; nonsense means a service call."""

    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=Purpose)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=Channel)

    def chosen(self) -> tuple[str, str]:
        """The purpose and channel to ask about."""
        self.is_valid()
        purpose = self.cleaned_data.get("purpose") or Purpose.SERVICE.value
        return purpose, self.cleaned_data.get("channel") or Channel.PHONE.value


class PhoneStateForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=Phone.State)


class ConsentForm(forms.Form):
    """The customer's word about a channel and a purpose."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose)
    state = forms.ChoiceField(label=_("Consent"), choices=Consent.State)
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=120,
        help_text=_("For example: contract, call of 3 March, web form"),
    )
    evidence = forms.CharField(label=_("Evidence"), required=False, max_length=300)


class HoldForm(forms.Form):
    """Why a customer's data must stay, and how long."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example: lawsuit, order of an authority")
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Empty: until somebody else lifts it. For example 2027-06-30 00:00"),
    )


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class EraseForm(forms.Form):
    """Erasing cannot be undone, so it is asked for twice: by the page and by this box."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: request of the customer of 3 March, by letter"),
    )
    sure = forms.BooleanField(label=_("I know that this cannot be undone"))
