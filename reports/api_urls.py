"""API addresses of reports under /api/v1/."""

from django.urls import path

from reports.api import MetricsView, WorkbookView

urlpatterns = [
    path("metrics/", MetricsView.as_view(), name="api-metrics"),
    path("reports/kpi.xlsx", WorkbookView.as_view(), name="api-kpi-workbook"),
]
