"""API addresses of qa under /api/v1/."""

urlpatterns = []
