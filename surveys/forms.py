"""What people type about questions, questionnaires and results."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.texts import localized
from customers.models import Channel
from surveys.models import Item, Question
from surveys.option_lines import OptionsField
from surveys.queries import directions, options_of
from surveys.rules.branching import BRANCHING_KINDS

CODE = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9_-]*\Z", gettext_lazy("Use letters, digits, hyphens and underscores only.")
)


class TextsField(forms.MultiValueField):
    """One text in the three languages, stored as ``{language: text}`` without the empty ones."""

    def __init__(self, *, rows=2, max_length=2_000, required=True, **kwargs):
        fields = [
            forms.CharField(required=False, max_length=max_length, strip=True) for _code in settings.LANGUAGES
        ]
        super().__init__(
            fields, require_all_fields=False, required=required, widget=TextsWidget(rows), **kwargs
        )

    def compress(self, values):
        pairs = zip((code for code, _name in settings.LANGUAGES), values or [], strict=False)
        return {code: text for code, text in pairs if text}


class TextsWidget(forms.MultiWidget):
    """Three areas, each named and marked with its language."""

    template_name = "surveys/texts_widget.html"

    def __init__(self, rows):
        self.names = [name for _code, name in settings.LANGUAGES]
        areas = {
            code.replace("-", "_"): forms.Textarea(
                attrs={"rows": rows, "lang": code, "class": "form-control"}
            )
            for code, _name in settings.LANGUAGES
        }
        super().__init__(areas)

    def decompress(self, value):
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for widget, label in zip(context["widget"]["subwidgets"], self.names, strict=True):
            widget["language"] = label
        return context


class QuestionForm(forms.Form):
    """A question of the bank."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Question.Kind)
    text = TextsField(label=gettext_lazy("Text"))
    options = OptionsField(
        label=gettext_lazy("Options"),
        required=False,
        max_length=6_000,
        help_text=gettext_lazy(
            "One per line: value | 简体 | 繁體 | English | score. For choices; for scales only where the points have words."
        ),
    )
    direction = forms.CharField(label=gettext_lazy("Direction"), max_length=40, required=False)
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=40, required=False)
    customer_kind = forms.CharField(label=gettext_lazy("Kind of customer"), max_length=40, required=False)
    active = forms.BooleanField(label=gettext_lazy("Active"), required=False, initial=True)


class QuestionFilter(forms.Form):
    """Search and filters of the bank; nonsense values simply do not filter."""

    q = forms.CharField(label=gettext_lazy("Code or text"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("all")), *Question.Kind.choices],
    )
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["direction"].choices = [("", _("all")), *((one, one) for one in directions())]

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.question_bank``."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "search": found.get("q", ""),
            "kind": found.get("kind", ""),
            "direction": found.get("direction", ""),
        }


class QuestionnaireForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[CODE])


class DraftForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("What is new"), max_length=300, required=False)


class AnswersWidget(forms.CheckboxSelectMultiple):
    """The answers of each earlier question on one line."""

    template_name = "surveys/answers_widget.html"


class ItemForm(forms.Form):
    """A question at its place. ``condition`` holds ``item:value`` pairs of one earlier question."""

    required = forms.BooleanField(label=gettext_lazy("An answer is required"), required=False, initial=True)
    condition = forms.MultipleChoiceField(
        label=gettext_lazy("Ask only when"),
        required=False,
        widget=AnswersWidget,
        help_text=gettext_lazy("Nothing ticked: always asked. Tick answers of one earlier question only."),
    )

    def __init__(self, *args, version, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        earlier = version.items.select_related("question").filter(question__kind__in=BRANCHING_KINDS)
        if item is not None:
            earlier = earlier.filter(position__lt=item.position)
        self.earlier = {str(one.pk): one for one in earlier.order_by("position", "id")}
        self.fields["condition"].choices = [self._group(one) for one in self.earlier.values()]
        if not self.earlier:
            del self.fields["condition"]

    @staticmethod
    def _group(item):
        options = [(f"{item.pk}:{one.value}", localized(one.text)) for one in options_of(item.question)]
        return f"{item.position}. {localized(item.question.text)}", options

    def clean_condition(self):
        chosen = [pair.split(":", 1) for pair in self.cleaned_data["condition"]]
        if len({item_id for item_id, _value in chosen}) > 1:
            raise forms.ValidationError(_("Tick answers of one question only."))
        return chosen

    def values(self) -> dict:
        """Keyword arguments of ``actions.add_item`` and ``change_item``."""
        chosen = self.cleaned_data.get("condition") or []
        source = self.earlier[chosen[0][0]] if chosen else None
        return {
            "required": self.cleaned_data["required"],
            "depends_on": source,
            "when_values": [value for _item, value in chosen],
        }

    @staticmethod
    def initial_of(item: Item) -> dict:
        """What the form shows of an item."""
        pairs = [f"{item.depends_on_id}:{value}" for value in item.when_values] if item.depends_on_id else []
        return {"required": item.required, "condition": pairs}


class AddItemForm(ItemForm):
    """One more question for a draft, from the active ones it does not ask yet."""

    question = forms.ModelChoiceField(label=gettext_lazy("Question"), queryset=Question.objects.none())
    field_order = ["question", "required", "condition"]

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, version=version, **kwargs)
        asked = version.items.values("question_id")
        self.fields["question"].queryset = (
            Question.objects.filter(active=True).exclude(pk__in=asked).order_by("direction", "code", "id")
        )
        self.fields["question"].label_from_instance = lambda one: f"{one.code} · {localized(one.text)}"

    def values(self) -> dict:
        return super().values() | {"question": self.cleaned_data["question"]}


class DayField(forms.DateField):
    """A day of this century, so that arithmetic on it stays within the calendar."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ResultsFilter(forms.Form):
    """Which responses count; days are local days, both included."""

    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=[("", gettext_lazy("all")), *Channel.choices]
    )

    def clean(self):
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            raise forms.ValidationError(_("The period ends before it starts. Correct the dates."))
        return values

    def chosen(self) -> dict:
        """The filters that make sense, as keyword arguments of ``queries.responses_in``."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}


class ProposeForm(forms.Form):
    """Look for worn-out questions up to this day (CAM-8)."""

    until = DayField(label=gettext_lazy("Results up to"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = today - timedelta(days=1)

    def clean_until(self):
        if self.cleaned_data["until"] > self.today:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["until"]


class DecideForm(forms.Form):
    """What the meeting decided about one proposal."""

    minutes = forms.CharField(label=gettext_lazy("Decision of the meeting"), max_length=500)
    replacement = forms.ModelChoiceField(
        label=gettext_lazy("Replacement"), queryset=Question.objects.none(), required=False
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replacement"].queryset = candidates
        self.fields["replacement"].label_from_instance = lambda one: f"{one.code} · {localized(one.text)}"
