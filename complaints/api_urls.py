"""API addresses of issues and complaints under /api/v1/."""

from django.urls import path

from complaints import api

urlpatterns = [
    path("issues/", api.IssueList.as_view(), name="api-issues"),
    path("issues/<int:pk>/", api.IssueDetail.as_view(), name="api-issue"),
    path("issues/<int:pk>/answer/", api.IssueAnswer.as_view(), name="api-issue-answer"),
    path("complaints/", api.ComplaintList.as_view(), name="api-complaints"),
    path("complaints/<int:pk>/", api.ComplaintDetail.as_view(), name="api-complaint"),
    path("complaints/<int:pk>/<str:verb>/", api.ComplaintVerb.as_view(), name="api-complaint-verb"),
]
