"""The interface language: the person's own choice, else the cookie, else the browser, else the site (ux section 10)."""

from django.conf import settings
from django.utils import translation

CODES = {code for code, _name in settings.LANGUAGES}


class LanguageMiddleware:
    """Activate the request's language before anything is rendered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in CODES else translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def remember_language(response, code):
    """Keep the chosen language in the browser's cookie; an empty one forgets it. Returns the response."""
    if code:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", httponly=True
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
