"""API addresses of callbacks under /api/v1/."""

from django.urls import path

from callbacks import api

urlpatterns = [
    path("tasks/", api.TaskList.as_view(), name="api-tasks"),
    path("tasks/claim/", api.TaskClaim.as_view(), name="api-task-claim"),
    path("tasks/<int:pk>/release/", api.TaskRelease.as_view(), name="api-task-release"),
    path("calls/", api.CallList.as_view(), name="api-calls"),
    path("trials/", api.TrialList.as_view(), name="api-trials"),
    path("trials/<int:pk>/", api.TrialDetail.as_view(), name="api-trial"),
    path("trials/<int:pk>/<str:verb>/", api.TrialVerb.as_view(), name="api-trial-verb"),
    path("calls/<int:pk>/recording/", api.CallRecording.as_view(), name="api-call-recording"),
    path("calls/import/", api.CallImport.as_view(), name="api-calls-import"),
]
