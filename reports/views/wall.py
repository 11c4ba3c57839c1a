"""The wallboard: its links, and the page a television opens with one of them (KPI-10, ux.md section 5.4)."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callbacks.queries.lists import teams_led_by
from callcenter.access import Role, public, roles
from callcenter.forms import posted
from callcenter.paging import page_of
from reports.actions import make_wall_link, revoke_wall_link
from reports.forms import WallLinkForm
from reports.models import WallLink, link_number
from reports.queries.boards import shared_snapshot
from reports.views.board import live_answer

leads_only = roles(Role.LEAD, Role.MANAGER)
television = public("a television opens it with a signed link that expires and can be revoked")
SEEN_EVERY = timedelta(minutes=1)


def _led(user):
    return WallLink.objects.filter(team__in=teams_led_by(user)).select_related("team", "made_by")


@leads_only
@require_http_methods(["GET", "HEAD", "POST"])
def links(request):
    """The links of one's teams, and a form for another."""
    form = WallLinkForm(posted(request), user=request.user, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        make_wall_link(by=request.user, now=timezone.now(), **data)
        messages.success(request, _("The link is ready. Open it on the television."))
        return redirect("board:walls")
    page = page_of(_led(request.user).order_by("-id"), request.GET.get("page"))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "reports/walls.html", {"form": form, "page": page, "now": timezone.now()}, status=status
    )


@leads_only
@require_POST
def revoke(request, pk):
    link = get_object_or_404(_led(request.user), pk=pk)
    revoke_wall_link(link=link, by=request.user, now=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("board:walls")


def _link(token, now):
    """The link behind a signed address that still works; a forged, revoked or expired one is not found."""
    number = link_number(token)
    link = number and WallLink.objects.working(now).filter(pk=number).select_related("team").first()
    if not link:
        raise Http404
    if link.seen_at is None or now - link.seen_at > SEEN_EVERY:
        WallLink.objects.filter(pk=link.pk).update(seen_at=now)
    return link


@television
@require_GET
def wall(request, token):
    """The whole screen, in the language chosen for it."""
    now = timezone.now()
    link = _link(token, now)
    found, _mark = shared_snapshot(link.team_id, now=now)
    with translation.override(link.language):
        return render(
            request,
            "reports/wall.html",
            {"link": link, "token": token, "team": link.team, "board": found, "now": now},
        )


@television
@require_GET
def wall_live(request, token):
    """What changes on the wallboard; 304 while nothing has, 404 once the link has been revoked."""
    link = _link(token, timezone.now())
    with translation.override(link.language):
        return live_answer(request, link.team, "reports/_wall.html")
