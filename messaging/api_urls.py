"""API addresses of messages under /api/v1/."""

from django.urls import path, re_path

from messaging import api

urlpatterns = [
    path("messages/", api.MessageList.as_view(), name="api-messages"),
    path("messages/<int:pk>/", api.MessageDetail.as_view(), name="api-message"),
    re_path(r"^messages/hooks/(?P<channel>sms|email)/$", api.MessageHook.as_view(), name="api-message-hook"),
]
