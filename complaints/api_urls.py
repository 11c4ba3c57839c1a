"""API addresses of complaints under /api/v1/."""

urlpatterns = []
