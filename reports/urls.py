from django.urls import path

from reports.views import kpi, settlement

app_name = "reports"
urlpatterns = [
    path("", kpi.kpi, name="kpi"),
    path("workbook/", kpi.workbook, name="workbook"),
    path("settlement/", settlement.statements, name="statements"),
    path("settlement/<int:pk>/", settlement.statement, name="statement"),
    path("settlement/<int:pk>/count/", settlement.statement_count, name="statement_count"),
    path("settlement/<int:pk>/sign/", settlement.statement_sign, name="statement_sign"),
    path("settlement/<int:pk>/file/", settlement.statement_file, name="statement_file"),
    path("settlement/lines/<int:pk>/", settlement.statement_records, name="statement_records"),
    path("settlement/schemes/", settlement.schemes, name="schemes"),
    path("settlement/schemes/new/", settlement.scheme, name="scheme_new"),
    path("settlement/schemes/<int:pk>/", settlement.scheme, name="scheme"),
    path("settlement/campaigns/<int:pk>/", settlement.campaign_schemes, name="campaign_schemes"),
    path("settlement/campaigns/<int:pk>/choose/", settlement.campaign_scheme, name="campaign_scheme"),
]
