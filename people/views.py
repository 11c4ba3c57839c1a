"""Signing in, and the list of people in scope."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.shortcuts import render
from django.views.decorators.http import require_GET

from callcenter.access import Role, roles
from callcenter.paging import page_of
from people.models import User


class SignInView(LoginView):
    """Django's sign-in; afterwards the person's own language is the browser's."""

    template_name = "people/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        if language := self.request.user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", httponly=True
            )
        return response


@roles(Role.LEAD, Role.MANAGER, Role.TRAINER)
@require_GET
def people_list(request):
    people = User.objects.visible_to(request.user).prefetch_related(
        "memberships__team", "memberships__unit", "memberships__department"
    )
    page = page_of(people.order_by("full_name", "id"), request.GET.get("page"))
    return render(request, "people/list.html", {"page": page})
