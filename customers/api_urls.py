"""API addresses of customers under /api/v1/."""

from django.urls import path

from customers import api

urlpatterns = [
    path("customers/", api.CustomerListView.as_view(), name="api_customers"),
    path("customers/import/", api.CustomerImportView.as_view(), name="api_customer_import"),
    path("customers/<int:pk>/", api.CustomerView.as_view(), name="api_customer"),
    path("customers/<int:pk>/consents/", api.ConsentView.as_view(), name="api_consents"),
    path(
        "customers/<str:client>/<str:external_id>/",
        api.CustomerByNumberView.as_view(),
        name="api_customer_by_number",
    ),
    path("segments/", api.SegmentListView.as_view(), name="api_segments"),
    path("segments/<int:pk>/", api.SegmentView.as_view(), name="api_segment"),
    path("segments/<int:pk>/count/", api.SegmentCountView.as_view(), name="api_segment_count"),
    path("events/", api.EventView.as_view(), name="api_events"),
    path("blacklist/", api.BlacklistView.as_view(), name="api_blacklist"),
]
