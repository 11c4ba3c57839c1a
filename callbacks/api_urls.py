"""API addresses of callbacks under /api/v1/."""

urlpatterns = []
