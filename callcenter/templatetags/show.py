"""How values are shown everywhere: localized data, durations, rates, undefined numbers, icons, form fields, jobs."""

from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.core.exceptions import DisallowedHost
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from callcenter.models import JobState, Notification
from callcenter.notify import sentence as notification_sentence
from callcenter.texts import localized as pick

register = template.Library()
UNDEFINED = "—"
ZONE_NAMES = {
    "Asia/Shanghai": _("Beijing time"),
    "Asia/Hong_Kong": _("Hong Kong time"),
    "Asia/Taipei": _("Taipei time"),
    "Asia/Macau": _("Macau time"),
    "UTC": _("UTC"),
}
JOB_COLORS = {
    JobState.QUEUED: "badge-quiet",
    JobState.RUNNING: "badge-info",
    JobState.DONE: "badge-good",
    JobState.PARTLY: "badge-warn",
    JobState.FAILED: "badge-bad",
    JobState.CANCELLED: "badge-quiet",
}
LEVEL_COLORS = {Notification.Level.WARNING: "badge-warn", Notification.Level.URGENT: "badge-bad"}


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
    return (
        f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{sign}{rest // 60:02}:{rest % 60:02}"
    )


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


@register.filter
def zone_name(zone):
    """A time zone as people call it; others by their IANA name."""
    return ZONE_NAMES.get(zone, zone)


@register.simple_tag(takes_context=True)
def here(context):
    """Where to come back to after switching the language: this page, or home when it answered a form."""
    request = context.get("request")
    return request.get_full_path() if request and request.method == "GET" else "/"


@register.simple_tag(takes_context=True)
def came_from(context):
    """The page of this site the request came from, or nothing."""
    request = context.get("request")
    address = request.META.get("HTTP_REFERER", "") if request else ""
    with suppress(DisallowedHost):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}):
            return address
    return ""


@register.filter
def styled(field):
    """A form field's widget with the classes of the site's markup."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        name = "form-check-input"
    else:
        name = "form-select" if isinstance(widget, Select) else "form-control"
    classes = [name, widget.attrs.get("class", ""), "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def job_color(state):
    """The badge class of a job's state."""
    return JOB_COLORS.get(state, "badge-quiet")


@register.filter
def level_color(level):
    """The badge class of a notification's level."""
    return LEVEL_COLORS.get(level, "badge-quiet")


@register.simple_tag
def pace_of(job, now=None):
    """How a job gets on: ``spent`` and ``left`` in seconds (None while unknown), ``silent``, and when to ask again."""
    now = now or timezone.now()
    if not job.started_at:
        return {"spent": None, "left": None, "silent": False, "poll": 1}
    spent = ((job.finished_at or now) - job.started_at).total_seconds()
    left = (
        spent * (job.total - job.done) / job.done
        if job.is_open and job.done and job.total >= job.done
        else None
    )
    silent = job.is_open and job.heartbeat_at and (now - job.heartbeat_at).total_seconds() > 60
    return {
        "spent": spent,
        "left": left,
        "silent": silent,
        "poll": 1 if spent < 30 else 3 if spent < 300 else 10,
    }


@register.filter
def state_label(state, case):
    """A state code of a case's history in the reader's language."""
    return dict(case._meta.get_field("state").flatchoices).get(state, state)
