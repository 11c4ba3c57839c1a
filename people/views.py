"""Signing in, one's own account, and the people in scope."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from callcenter.access import Role, roles, signed_in
from callcenter.languages import remember_language
from callcenter.paging import page_of
from people import actions, queries
from people.forms import AccountForm, PeopleFilter
from people.models import User


class SignInView(LoginView):
    """Django's sign-in; afterwards the person's own language is the browser's."""

    template_name = "people/login.html"
    redirect_authenticated_user = True
    # Django would put the host's name there.
    extra_context = {"site_name": settings.SITE_NAME}

    def form_valid(self, form):
        response = super().form_valid(form)
        if self.request.user.language:
            remember_language(response, self.request.user.language)
        return response


class SignOutView(LogoutView):
    """Django's sign-out; an agent's day at the desk ends with it (ORG-5)."""

    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            actions.sign_out(agent=request.user, now=timezone.now())
        return super().post(request, *args, **kwargs)


@signed_in
class ChangePasswordView(PasswordChangeView):
    """One's own password; other sessions of the same person are signed out by Django."""

    template_name = "people/password.html"
    success_url = reverse_lazy("people:account")

    def form_valid(self, form):
        messages.success(self.request, _("The password has been changed."))
        return super().form_valid(form)


def _account_page(request, form, status=200, **extra):
    context = {"form": form, "has_token": Token.objects.filter(user=request.user).exists(), **extra}
    return render(request, "people/account.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    """Language, keys, password and API token of the person who is signed in."""
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method != "POST":
        return _account_page(request, form)
    if not form.is_valid():
        return _account_page(request, form, status=422)
    actions.save_preferences(user=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return remember_language(redirect("people:account"), form.cleaned_data["language"])


@signed_in
@require_POST
def token_create(request):
    """The key is on this one page and nowhere else; reloading makes another one."""
    key = actions.create_token(user=request.user, now=timezone.now(), request=request)
    return _account_page(request, AccountForm(instance=request.user), new_key=key)


@signed_in
@require_POST
def token_revoke(request):
    actions.revoke_token(user=request.user, now=timezone.now(), request=request)
    messages.success(request, _("The API token no longer works."))
    return redirect("people:account")


@roles(Role.LEAD, Role.MANAGER, Role.TRAINER)
@require_GET
def people_list(request):
    """People of the teams and units in scope, filtered by words, role and team."""
    form = PeopleFilter(request.GET, user=request.user)
    people = queries.people_list(user=request.user, **form.chosen())
    page = page_of(people, request.GET.get("page"))
    return render(request, "people/list.html", {"page": page, "form": form})


@roles(Role.LEAD, Role.MANAGER, Role.TRAINER)
@require_GET
def person(request, pk):
    """One person with the roles they hold and where."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return render(
        request, "people/person.html", {"person": found, "memberships": queries.memberships_of(found)}
    )
