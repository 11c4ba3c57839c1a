"""The address customers get in messages; short, for it is paid for by the character."""

from django.urls import path

from surveys import public

urlpatterns = [path("<str:token>/", public.survey, name="public_survey")]
