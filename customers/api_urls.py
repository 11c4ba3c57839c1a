"""API addresses of customers under /api/v1/."""

urlpatterns = []
