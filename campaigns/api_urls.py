"""API addresses of campaigns under /api/v1/."""

from django.urls import path

from campaigns import api

urlpatterns = [
    path("campaigns/", api.CampaignListView.as_view(), name="api_campaigns"),
    path("campaigns/<int:pk>/", api.CampaignView.as_view(), name="api_campaign"),
    path("campaigns/<int:pk>/start/", api.StartView.as_view(), name="api_campaign_start"),
    path("campaigns/<int:pk>/pause/", api.PauseView.as_view(), name="api_campaign_pause"),
    path("campaigns/<int:pk>/resume/", api.ResumeView.as_view(), name="api_campaign_resume"),
    path("campaigns/<int:pk>/finish/", api.FinishView.as_view(), name="api_campaign_finish"),
]
