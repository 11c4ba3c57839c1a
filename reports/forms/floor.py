"""What a lead types on the board: a message, what a break really was, where a wallboard hangs."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callbacks.queries.lists import teams_led_by
from people.states import BREAKS

MOST_DAYS = 366


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"), max_length=160, error_messages={"required": _("Write the message first.")}
    )


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it was"), choices=[(kind.value, kind.label) for kind in BREAKS])
    reason = forms.CharField(label=_("Reason"), max_length=200)


class WallLinkForm(forms.Form):
    team = forms.ModelChoiceField(None, label=_("Team"))
    name = forms.CharField(label=_("Where it hangs"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(label=_("Works for so many days"), min_value=1, max_value=MOST_DAYS, initial=90)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_led_by(user)
