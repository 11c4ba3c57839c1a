"""One error shape: named domain errors become a page or JSON with the same code and sentence (DESIGN section 7)."""

import logging
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import exception_handler

logger = logging.getLogger(__name__)
# What SQLite and PostgreSQL say to a number that fits in no column.
TOO_LARGE = (OverflowError, DataError)


class DomainError(Exception):
    """What was asked for cannot be done; the message tells the user why and what to do next.

    ``fields`` maps input names to lists of messages, ``facts`` carries values a program may read.
    """

    status = 422
    code = "refused"

    def __init__(self, message, *, code=None, fields=None, facts=None):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = fields or {}
        self.facts = facts or {}

    def as_json(self):
        body = {"code": self.code, "detail": str(self.message), "fields": self.fields}
        return body | ({"facts": self.facts} if self.facts else {})


class Refused(DomainError):
    """A rule of the trade forbids it (422): contact rules, a missing approval, wrong values."""


class Conflict(DomainError):
    """The thing has changed meanwhile, or is in a state that does not allow it (409)."""

    status = 409
    code = "conflict"


class ErrorPageMiddleware:
    """Answer a ``DomainError`` raised in a page: full page, HTMX fragment or JSON, with its status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """No column takes a NUL character and nobody types one.

        What the API is sent is left unread: its parsers refuse the same, and a signed body must be read as it came.
        """
        page = request.method == "POST" and not request.path.startswith("/api/")
        given = [request.GET, request.POST] if page else [request.GET]
        if any("\0" in value for query in given for values in query.lists() for value in values[1]):
            return bad_request(request)
        return None

    def process_exception(self, request, exception):
        if isinstance(exception, TOO_LARGE):
            return error_response(request, _too_large())
        if isinstance(exception, DomainError):
            return error_response(request, exception)
        if isinstance(exception, ValidationError):
            return error_response(request, Refused(" ".join(exception.messages), code="invalid"))
        return None


def _too_large():
    return Refused(_("A number in the request is too large. Check what was typed."), code="out_of_range")


def error_response(request, error: DomainError) -> HttpResponse:
    """The one shape of a refused request, by what the client understands."""
    if request.path.startswith("/api/"):
        return JsonResponse(error.as_json(), status=error.status)
    fragment = getattr(request, "htmx", False) and not request.htmx.boosted
    template = "_refused.html" if fragment else f"{error.status}.html"
    response = render(request, template, {"error": error, "typed": _typed(request)}, status=error.status)
    # The fragment goes to the page's own place for refusals; what htmx aimed at, and what was typed there, stays.
    return retarget(reswap(response, "innerHTML"), "#refused") if fragment else response


def _typed(request):
    """What the user had typed, so that the page can give it back instead of losing it."""
    hidden = {"csrfmiddlewaretoken", "password", "password1", "password2"}
    return [(name, value) for name, value in request.POST.items() if value and name not in hidden][:50]


def api_error(exception, context):
    """Django REST framework's exception handler: every error as ``{"code", "detail", "fields"}``."""
    if isinstance(exception, TOO_LARGE):
        exception = _too_large()
    if isinstance(exception, DomainError):
        return Response(exception.as_json(), status=exception.status)
    if isinstance(exception, ValidationError):
        exception = drf.ValidationError(exception.messages)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, drf.ValidationError):
        fields = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        response.data = {
            "code": "invalid",
            "detail": _("Some values are missing or wrong."),
            "fields": fields,
        }
        return response
    code = {Http404: "not_found", PermissionDenied: "permission_denied"}.get(type(exception))
    response.data = {
        "code": code or getattr(exception, "default_code", "error"),
        "detail": str(response.data.get("detail", "")),
        "fields": {},
    }
    return response


def _page(request, status, code, detail):
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=status)
    return render(request, f"{status}.html", {"detail": detail}, status=status)


def bad_request(request, exception=None):
    return _page(request, 400, "bad_request", _("The request could not be read. Go back and try again."))


def permission_denied(request, exception=None):
    return _page(
        request,
        403,
        "permission_denied",
        str(exception) or _("Your role does not allow this. Ask your administrator."),
    )


def not_found(request, exception=None):
    return _page(request, 404, "not_found", _("There is nothing here, or it is outside your scope."))


def server_error(request):
    """The last resort: an id the user can quote, and nothing of the cause."""
    error_id = uuid.uuid4().hex[:8]
    logger.error("server error %s at %s", error_id, request.path)
    detail = _("Something went wrong on our side. Nothing was half-saved. Error number: %(id)s") % {
        "id": error_id
    }
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "server_error", "detail": detail, "fields": {}}, status=500)
    try:
        # Without the request: its context asks the database, which may be what went wrong.
        return HttpResponse(render_to_string("500.html", {"detail": detail}), status=500)
    except Exception:
        return HttpResponse(detail, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        "csrf",
        _("The page was open too long or in another session. Reload it and send the form again."),
    )
