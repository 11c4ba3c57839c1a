"""The project's URLs plus pages that fail on purpose, for the tests of errors and of the access check."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Role, public, roles, signed_in
from callcenter.errors import Conflict, Refused
from callcenter.urls import *  # noqa: F403
from callcenter.urls import urlpatterns as project

RAISES = {
    "refused": lambda: Refused(
        "Not before 13:30: rest hours.", code="rest_hours", fields={"number": ["Wrong."]}
    ),
    "conflict": lambda: Conflict("Somebody was faster.", code="lost_race"),
    "validation": lambda: ValidationError(["One.", "Two."]),
    "missing": lambda: Http404(),
    "denied": lambda: PermissionDenied("It is not yours."),
    "bad": lambda: SuspiciousOperation(),
    "overflow": lambda: OverflowError("Python int too large to convert to SQLite INTEGER"),
    "data": lambda: DataError("bigint out of range"),
    "boom": lambda: RuntimeError("secret detail"),
}


@signed_in
def page(request, what):
    raise RAISES[what]()


@signed_in
class Call(APIView):
    def post(self, request, what):
        raise RAISES[what]()


@roles(Role.QA)
class Reviews(APIView):
    method_policies = {"POST": Call.access_policy}

    def get(self, request):
        return Response({"rows": []})

    post = put = get


@public("a test")
def anybody(request):
    return HttpResponse("ok")


urlpatterns = [
    path("fails/<str:what>/", page),
    path("api/v1/fails/<str:what>/", Call.as_view()),
    path("api/v1/mixed/", Reviews.as_view()),
    path("anybody/", anybody),
    *project,
]
