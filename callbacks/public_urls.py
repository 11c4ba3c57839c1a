"""The address in the question about a trial; short, for it is paid for by the character."""

from django.urls import path

from callbacks import public

urlpatterns = [path("<str:token>/", public.trial, name="public_trial")]
