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
