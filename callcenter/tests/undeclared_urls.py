"""A URL whose author forgot to say whom it is for."""

from django.http import HttpResponse
from django.urls import path


def forgotten(request):
    return HttpResponse("open to everybody?")


urlpatterns = [path("forgotten/", forgotten)]
