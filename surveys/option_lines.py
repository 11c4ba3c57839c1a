"""The options of a question as lines of text, for forms and workbooks alike (CAM-6)."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

SEPARATOR = "|"


class OptionsField(forms.CharField):
    """Options, one per line: value | simplified | traditional | English | score. Only the value is required."""

    widget = forms.Textarea(attrs={"rows": 7, "class": "form-control"})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(self._line(option) for option in value)

    @staticmethod
    def _line(option):
        text = option.get("text") or {}
        words = [text.get(code, "") if isinstance(text, dict) else text for code, _name in settings.LANGUAGES]
        score = option.get("score")
        parts = [str(option["value"]), *words, "" if score is None else str(score)]
        return f" {SEPARATOR} ".join(parts).rstrip(f" {SEPARATOR}")

    def to_python(self, value):
        lines = [line.strip() for line in super().to_python(value).replace("｜", SEPARATOR).splitlines()]
        return [self._option(place, line) for place, line in enumerate(lines, start=1) if line]

    @staticmethod
    def _option(place, line):
        parts = [part.strip() for part in line.split(SEPARATOR)]
        value, words, score = parts[0], parts[1:4], parts[4] if len(parts) > 4 else ""
        if not value or len(value) > 40 or len(parts) > 5:
            raise forms.ValidationError(
                _("Line %(place)s is not value | 简体 | 繁體 | English | score."), params={"place": place}
            )
        codes = [code for code, _name in settings.LANGUAGES]
        text = {code: word for code, word in zip(codes, words, strict=False) if word}
        option = {"value": value, "text": text or dict.fromkeys(codes, value)}
        if score:
            if not score.isdecimal() or len(score) > 4:
                raise forms.ValidationError(
                    _("The score in line %(place)s is not a number."), params={"place": place}
                )
            option["score"] = int(score)
        return option
