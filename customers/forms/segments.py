"""The builder of a segment: groups of condition rows whose fields fit their kind, read and explained row by row (CUS-5).

What was typed lives in the request alone. ``layout`` says how many rows each group has; a row's fields are named
``c<group>-<row>-<field>``. Adding and removing rows happens here on the server, so that the page works without scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Client, Segment
from customers.queries.segments import KINDS, Choices
from customers.queries.segments.registry import shapes
from customers.rules.segments import (
    FAULTS,
    MAX_CONDITIONS,
    MAX_GROUPS,
    BadDefinition,
    Condition,
    Definition,
    Fault,
    Group,
    applies,
    read_definition,
)

WHOLE = (-1, -1, "")
BUILDER = "#builder"
NOT_OFFERED = FAULTS["not_offered"]


class SegmentForm(forms.ModelForm):
    """Name, description, client and whether others may use it; the rules are those of the action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)

    class Meta:
        model = Segment
        fields = ["name", "description", "shared", "client"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.visible_to(user).order_by("name", "id")
        self.fields["client"].empty_label = gettext_lazy("all clients")
        self.fields["shared"].label = gettext_lazy("Everybody who works with segments may use it")
        self.fields["shared"].help_text = gettext_lazy(
            "They see the conditions, and of the customers only those in their own scope."
        )

    def _post_clean(self):
        """Nothing is written to the instance here."""

    def values(self) -> dict:
        """Keyword arguments of ``actions.create_segment``."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def client(self) -> Client | None:
        """The client chosen, also while the rest of the form is not in order yet."""
        if not self.is_bound:
            return self.instance.client
        self.is_valid()
        return self.cleaned_data.get("client")


class ExportForm(forms.Form):
    """Format and reason of an export."""

    file_format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[("xlsx", "XLSX"), ("csv", "CSV")], initial="xlsx"
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy(
            "It is recorded with your name and stands in the last line of the file. Phone numbers are hidden."
        ),
    )


@dataclass
class Row:
    """One condition as the page shows it: where it stands, its form, and whether there is a kind yet."""

    place: int
    number: int
    form: forms.Form
    suggestions: dict[str, list[tuple[str, str]]]

    @property
    def prefix(self) -> str:
        return f"c{self.place}-{self.number}"

    def __iter__(self):
        return iter(self.form.visible_fields())

    @property
    def hidden(self):
        return self.form.hidden_fields()


class Builder:
    """The conditions of one segment while somebody writes them."""

    def __init__(self, user, groups: list[dict], action: str):
        self.choices = Choices(user)
        self.groups = groups or [{"match": "all", "conditions": []}]
        self.action = action
        self.errors: dict[tuple[int, int, str], str] = {}
        self.unfinished = False
        # Where the keyboard goes on after a row was added or removed: a row, or a group's button for adding.
        self.focus: tuple[int, int] | None = None
        self.focus_group: int | None = None

    @classmethod
    def stored(cls, user, raw: object, action: str) -> "Builder":
        """The conditions of a saved segment; what cannot be read is shown as far as it can be."""
        groups = raw.get("groups") if isinstance(raw, Mapping) else None
        known = groups[:MAX_GROUPS] if isinstance(groups, list) else []
        return cls(user, [_group(one) for one in known], action)

    @classmethod
    def posted(cls, user, data, action: str) -> "Builder":
        """The conditions that were sent. A row whose kind has just been changed starts with that kind's first operator."""
        groups = []
        for place, rows in enumerate(_layout(data.get("layout", ""))):
            match = data.get(f"g{place}-match", "")
            conditions = [_row(data, f"c{place}-{number}-") for number in range(rows)]
            groups.append({"match": match if match in ("all", "any") else "all", "conditions": conditions})
        return cls(user, groups, action)

    def act(self, verb: str) -> None:
        """Add or remove a row or group: ``add-0``, ``remove-0-2``, ``group``, ``ungroup-1``; anything else changes nothing."""
        name, *places = verb.split("-")
        numbers = [int(one) for one in places if one.isascii() and one.isdigit() and len(one) < 4]
        if name == "group" and len(self.groups) < MAX_GROUPS and self._room():
            self.groups.append({"match": "any", "conditions": [{}]})
            self.focus = (len(self.groups) - 1, 0)
        elif name == "add" and len(numbers) == 1 and numbers[0] < len(self.groups) and self._room():
            rows = self.groups[numbers[0]]["conditions"]
            rows.append({})
            self.focus = (numbers[0], len(rows) - 1)
        elif name == "remove" and len(numbers) == 2 and numbers[0] < len(self.groups):
            del self.groups[numbers[0]]["conditions"][numbers[1] : numbers[1] + 1]
            self.focus_group = numbers[0]
        elif name == "ungroup" and len(numbers) == 1 and len(self.groups) > 1:
            del self.groups[numbers[0] : numbers[0] + 1]
            self.focus_group = len(self.groups) - 1

    def _room(self):
        return sum(len(group["conditions"]) for group in self.groups) < MAX_CONDITIONS

    def read(self, *, strict: bool) -> Definition:
        """What was written, without the conditions that have faults; those stand in ``errors`` beside their fields.

        Not ``strict``, what is merely not filled in yet is no error; ``unfinished`` tells that there is such a condition.
        """
        faults: Mapping[tuple[int, int, str], Fault] = {}
        try:
            definition = read_definition({"groups": self.groups}, shapes())
        except BadDefinition as bad:
            definition, faults = bad.readable, bad.faults
        for place, fault in faults.items():
            self.unfinished = self.unfinished or place != WHOLE
            if strict or not fault.unfinished:
                self.errors[place] = _(FAULTS[fault.code]) % fault.params
        return self._known(definition, faults)

    def _known(self, definition: Definition, faults) -> Definition:
        """The definition without conditions that name what the person cannot choose, or what their kind refuses."""
        broken = {place[:2] for place in faults}
        kept, read = [], iter(definition.groups)
        for place, raw in enumerate(self.groups):
            numbers = [n for n in range(len(raw["conditions"])) if (place, n) not in broken]
            if not numbers or WHOLE in faults:
                continue
            group = next(read)
            good = [
                one
                for number, one in zip(numbers, group.conditions, strict=True)
                if self._offered(place, number, one)
            ]
            if good:
                kept.append(Group(group.match, tuple(good)))
        return Definition(tuple(kept))

    def _offered(self, place: int, number: int, one: Condition) -> bool:
        kind = KINDS[one.kind]
        wrong = {
            field.name: _(NOT_OFFERED)
            for field in kind.shape.fields
            if field.type == "reference"
            and field.name in one.values
            and one.values[field.name] not in dict(self.choices.offered(kind, field))
        }
        if not wrong and kind.check:
            wrong = kind.check(one.values)
        self.errors |= {(place, number, name): text for name, text in wrong.items()}
        return not wrong

    @property
    def layout(self) -> str:
        """How many rows each group has, for the hidden field of that name."""
        return ",".join(str(len(group["conditions"])) for group in self.groups)

    @property
    def whole_error(self) -> str:
        """What is wrong with the conditions as a whole, if anything."""
        return self.errors.get(WHOLE, "")

    @property
    def may_grow(self) -> bool:
        return self._room()

    @property
    def may_group(self) -> bool:
        return self._room() and len(self.groups) < MAX_GROUPS

    @cached_property
    def shown(self) -> list[dict]:
        """The groups with their rows, for the page."""
        return [
            {
                "place": place,
                "match": group["match"],
                "rows": [self._shown(place, number, raw) for number, raw in enumerate(group["conditions"])],
            }
            for place, group in enumerate(self.groups)
        ]

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong) of every fault beside a field."""
        return [
            (field.id_for_label, field.label, error)
            for group in self.shown
            for row in group["rows"]
            for field in row
            for error in field.errors
        ]

    def _shown(self, place: int, number: int, raw: Mapping) -> Row:
        kind = KINDS.get(str(raw.get("kind", "")))
        code = kind.shape.code if kind else ""
        form = forms.Form({}, prefix=f"c{place}-{number}")
        data = {f"{form.prefix}-kind": code, f"{form.prefix}-shown": code}
        again = {"hx-post": self.action, "hx-target": BUILDER, "hx-trigger": "change consume"}
        first = {"autofocus": True} if self.focus == (place, number) else {}
        form.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput)
        form.fields["kind"] = forms.CharField(
            label=_("Condition"), required=False, widget=forms.Select(choices=_kinds(), attrs=again | first)
        )
        suggestions = {}
        if kind:
            op = _operator(kind, raw)
            for one in kind.shape.fields:
                if not applies(one, op):
                    continue
                value = op if one.name == "op" else raw.get(one.name)
                data[f"{form.prefix}-{one.name}"] = (
                    ", ".join(map(str, value)) if isinstance(value, list) else value
                )
                proposed = self.choices.suggested(kind, one)
                if proposed:
                    suggestions[one.name] = proposed
                form.fields[one.name] = forms.CharField(
                    label=_(one.label),
                    required=False,
                    widget=self._widget(
                        kind, one, again, f"{form.prefix}-{one.name}-list" if proposed else ""
                    ),
                )
        form.data = data
        form.full_clean()
        for (group, row, name), text in self.errors.items():
            if (group, row) == (place, number):
                form.add_error(name if name in form.fields else "kind", text)
        return Row(place, number, form, suggestions)

    def _widget(self, kind, one, again, listed):
        if one.type in ("choice", "reference"):
            nothing = [] if one.name == "op" else [("", _("choose …"))]
            choices = nothing + self.choices.offered(kind, one)
            return forms.Select(choices=choices, attrs=again if one.name == "op" else {})
        attrs = {"autocomplete": "off"} | ({"list": listed} if listed else {})
        if one.type in ("integer", "decimal"):
            attrs |= {"inputmode": "numeric" if one.type == "integer" else "decimal", "size": 8}
        elif one.type == "text":
            attrs |= {"maxlength": one.length}
        return forms.TextInput(attrs=attrs)


def _kinds():
    """The menu of kinds under the headings of their themes."""
    themes: dict[str, list] = {}
    for code, kind in KINDS.items():
        themes.setdefault(_(kind.shape.theme), []).append((code, _(kind.shape.label)))
    return [("", _("choose a condition …")), *themes.items()]


def _operator(kind, raw) -> str:
    """The operator of a row; the kind's first one while none fits."""
    operators = [code for code, _label in kind.shape.operators]
    if not operators:
        return ""
    return raw.get("op") if raw.get("op") in operators else operators[0]


def _row(data, prefix: str) -> dict:
    kind = KINDS.get(data.get(f"{prefix}kind", ""))
    if kind is None:
        return {}
    raw = {"kind": kind.shape.code}
    if data.get(f"{prefix}shown") == kind.shape.code:
        raw |= {one.name: data.get(f"{prefix}{one.name}", "") for one in kind.shape.fields}
    return raw | {"op": _operator(kind, raw)}


def _group(raw: object) -> dict:
    conditions = raw.get("conditions") if isinstance(raw, Mapping) else None
    match = raw.get("match") if isinstance(raw, Mapping) else None
    rows = (
        [dict(one) for one in conditions if isinstance(one, Mapping)] if isinstance(conditions, list) else []
    )
    return {"match": match if match in ("all", "any") else "all", "conditions": rows[:MAX_CONDITIONS]}


def _layout(text: str) -> list[int]:
    """The number of rows in each group; nonsense is no row."""
    parts = text.split(",")[:MAX_GROUPS]
    rows = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in parts]
    found, left = [], MAX_CONDITIONS
    for count in rows:
        found.append(min(count, left))
        left -= found[-1]
    return found
