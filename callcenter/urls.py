"""Every address of the product (DESIGN section 7)."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from callcenter import views
from callcenter.access import EVERYBODY, public, roles
from callcenter.api import router_urls
from people.views import SignInView, SignOutView

handler400 = "callcenter.errors.bad_request"
handler403 = "callcenter.errors.permission_denied"
handler404 = "callcenter.errors.not_found"
handler500 = "callcenter.errors.server_error"

for schema_view in (SpectacularAPIView, SpectacularSwaggerSplitView):
    roles(*EVERYBODY)(schema_view)

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", public("signing in")(SignInView.as_view()), name="login"),
    path("logout/", public("signing out")(SignOutView.as_view()), name="logout"),
    path("language/", views.set_language, name="set_language"),
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<uuid:pk>/", views.job_detail, name="job"),
    path("jobs/<uuid:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/<str:which>/", views.job_file, name="job_file"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.notifications_read, name="notifications_read"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("people/", include("people.urls")),
    path("customers/", include("customers.urls")),
    path("messages/", include("messaging.urls")),
    path("surveys/", include("surveys.urls")),
    path("s/", include("surveys.public_urls")),
    path("t/", include("callbacks.public_urls")),
    path("campaigns/", include("campaigns.urls")),
    path("callbacks/", include("callbacks.urls")),
    path("", include("complaints.urls")),
    path("qa/", include("qa.urls")),
    path("desk/", include("desk.urls")),
    path("knowledge/", include("knowledge.urls")),
    path("reports/", include("reports.urls")),
    path("", include("reports.board_urls")),
    path("api/v1/", include(router_urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("admin/", admin.site.urls),
]
