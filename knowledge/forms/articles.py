"""Forms of the knowledge base (ORG-8)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from knowledge.models import EDITORS, Article
from knowledge.states import ArticleState
from people.models import User


class ArticleForm(forms.ModelForm):
    """``seen`` is the version that was on the page; ``again`` asks everybody to read the new one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, required=False)
    reason = forms.CharField(label=_("Reason of the change"), max_length=300, required=False)
    again = forms.BooleanField(label=_("Whoever has read it must read the new version again"), required=False)

    class Meta:
        model = Article
        fields = ("title", "topic", "body", "campaigns", "owner", "review_by", "must_read")
        widgets = {
            "body": forms.Textarea({"rows": 14, "maxlength": 20_000}),
            "review_by": forms.DateInput({"type": "date"}),
            "campaigns": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].max_length = 20_000
        self.fields["campaigns"].queryset = Campaign.objects.visible_to(user).order_by("name", "id")
        owners = User.objects.holding(*EDITORS).order_by("full_name", "id")
        self.fields["owner"].queryset = owners
        self.initial.setdefault("owner", user.pk)
        if self.instance.pk:
            self.initial["seen"] = self.instance.number
        else:
            del self.fields["reason"], self.fields["again"]

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\x00", "").strip()
        if len(body) > 20_000:
            raise forms.ValidationError(_("At most 20,000 characters: make two articles of it."))
        return body

    def values(self) -> dict:
        """The columns of the article."""
        names = ("title", "topic", "body", "owner", "review_by", "must_read")
        return {name: self.cleaned_data[name] for name in names}


class OutdatedForm(forms.Form):
    text = forms.CharField(label=_("What is out of date?"), max_length=500)


class ArticleFilter(forms.Form):
    """Nonsense in an address does not filter."""

    q = forms.CharField(label=_("Search"), max_length=60, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *ArticleState.choices]
    )
    due = forms.BooleanField(label=_("To be reviewed"), required=False)

    def __init__(self, *args, topics, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("all")), *((topic, topic) for topic in topics)]

    def chosen(self) -> dict:
        """What of the filter is sensible."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "question": data.get("q", ""),
            "topic": data.get("topic", ""),
            "state": data.get("state", ""),
            "due": data.get("due", False),
        }
