"""What pages behind links in messages share: no sign-in, no script, no cookie, the reader's language, a limit (CAM-7, CAM-10).

Who guesses links, or posts without end, is slowed down by address.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

LANGUAGES = dict(settings.LANGUAGES)
PER_MINUTE = 60
LARGEST = 64 * 1024


def behind_link(
    request: HttpRequest, *, page: str, template: str, row, language: str, show: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of ``show`` in the language asked for by ``?lang=``, else ``language``, else the browser's.

    ``row`` is what the link leads to, None for an unknown one. Too many requests (429), too large ones (413) and unknown links
    (404) are answered here, by ``template``, which extends ``public.html``. ``page`` names what is counted.
    """
    wanted = request.GET.get("lang", "")
    language = wanted if wanted in LANGUAGES else language or request.LANGUAGE_CODE
    with translation.override(language):
        if (row is None or request.method == "POST") and _too_often(request, page):
            answer = say(request, template, "busy", 429)
        elif row is None:
            answer = say(request, template, "unknown", 404)
        elif request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            answer = say(request, template, "busy", 413)
        else:
            answer = show()
    answer["Content-Language"] = language
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def say(request: HttpRequest, template: str, what: str, status: int, **facts) -> HttpResponse:
    """The page in the state ``what``; in the state ``questions`` it offers the other languages."""
    context = {"what": what, "centre": settings.SITE_NAME, "languages": LANGUAGES, **facts}
    return render(request, template, context, status=status)


def _too_often(request, page):
    """Count this request of its address; whether it is one too many within the minute."""
    key = f"{page}:{_address(request)}:{_minute()}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:
        return False


def _minute():
    return int(timezone.now().timestamp()) // 60


def _address(request):
    """Who asks: behind a proxy the last address it has added, else the connection's own."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return "".join(one for one in forwarded.rpartition(",")[2] if one.isalnum() or one in ".:")[:60]
    return request.META.get("REMOTE_ADDR", "")
