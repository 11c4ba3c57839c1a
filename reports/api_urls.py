"""API addresses of reports under /api/v1/."""

urlpatterns = []
