"""API addresses of campaigns under /api/v1/."""

urlpatterns = []
