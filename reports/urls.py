from django.urls import path

from reports.views import kpi

app_name = "reports"
urlpatterns = [
    path("", kpi.kpi, name="kpi"),
    path("workbook/", kpi.workbook, name="workbook"),
]
