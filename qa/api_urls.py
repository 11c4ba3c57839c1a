"""API addresses of quality under /api/v1/."""

from django.urls import path

from qa.api import ReviewDetail, ReviewList

urlpatterns = [
    path("reviews/", ReviewList.as_view(), name="api-reviews"),
    path("reviews/<int:pk>/", ReviewDetail.as_view(), name="api-review"),
]
