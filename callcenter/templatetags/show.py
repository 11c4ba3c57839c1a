"""How values are shown everywhere: localized data, durations, rates, undefined numbers, masked phones, icons."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language

from callcenter.notify import sentence as notification_sentence
from callcenter.texts import localized as pick

register = template.Library()
UNDEFINED = "—"


@register.filter
def localized(texts):
    """Text kept as data, in the reader's language."""
    return pick(texts, get_language())


@register.filter
def sentence(notification):
    """A notification in the reader's language."""
    return notification_sentence(notification)


@register.filter
def duration(seconds):
    """Seconds as ``mm:ss``, above an hour ``h:mm:ss``; undefined as a dash."""
    if seconds is None or seconds == "":
        return UNDEFINED
    total = int(Decimal(str(seconds)).quantize(Decimal(1), ROUND_HALF_UP))
    hours, rest = divmod(abs(total), 3600)
    sign = "-" if total < 0 else ""
    return f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{sign}{rest // 60:02}:{rest % 60:02}"


@register.filter
def percent(value):
    """A share 0 … 1 as ``12.3 %``, rounded half up to one decimal; undefined as a dash."""
    if value is None or value == "":
        return UNDEFINED
    rounded = (Decimal(str(value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{number_format(rounded, 1)} %"


@register.filter
def number(value, places=0):
    """A number with grouping; undefined as a dash."""
    return UNDEFINED if value is None or value == "" else number_format(value, places, force_grouping=True)


@register.simple_tag
def icon(name):
    """An icon of the sprite installed at set-up; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def with_query(context, **changes):
    """The current query string with ``changes`` applied; None removes a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()
