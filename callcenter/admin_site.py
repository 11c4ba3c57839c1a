"""Django's admin, for reference data only, open to the administrator role."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter.access import Policy, Role, roles


class CallCenterAdminSite(AdminSite):
    site_header = site_title = _("Callback centre administration")
    index_title = _("Reference data")

    def has_permission(self, request):
        """Only administrators, whatever Django's own staff flag says."""
        user = request.user
        return user.is_active and user.is_authenticated and user.scope().has(Role.ADMIN)

    def admin_view(self, view, cacheable=False):
        """Every page of the site, those of model admins' own URLs too, declares whom it is for."""
        return roles(Role.ADMIN)(super().admin_view(view, cacheable))

    def login(self, request, extra_context=None):
        """There is one sign-in page for everybody."""
        target = urlencode({"next": request.GET.get("next", request.path)})
        return redirect(f"{reverse(settings.LOGIN_URL)}?{target}")

    login.access_policy = Policy("public", reason="sends to the sign-in page")
    login.login_required = False


class CallCenterAdminConfig(AdminConfig):
    default_site = "callcenter.admin_site.CallCenterAdminSite"
