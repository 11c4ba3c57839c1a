"""What people type about themselves, and how the list of people is filtered."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from people.models import Team, User


class AccountForm(forms.ModelForm):
    """A person's own preferences (ux.md sections 3.3 and 10)."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as in the browser")), *settings.LANGUAGES]
    )

    class Meta:
        model = User
        fields = ["language", "keyboard_commands"]
        labels = {"keyboard_commands": _("Single-key commands on the desk")}
        help_texts = {"keyboard_commands": _("Letters such as H, I or C act at once while no text box has the focus.")}


class PeopleFilter(forms.Form):
    """Search and filters of the list of people; nonsense values simply do not filter."""

    q = forms.CharField(label=_("Name, sign-in name or employee number"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    team = forms.ModelChoiceField(
        label=_("Team"), required=False, queryset=Team.objects.none(), empty_label=_("all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).order_by("name", "id")

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.people_list``."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in ("q", "role", "team")}
