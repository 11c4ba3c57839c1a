"""The promise board: what the policies promised and how far it was kept, with the contacts behind each number (CAM-2)."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from callbacks.forms import DAYS_BACK, PromiseFilter
from callbacks.queries import promises
from callcenter.access import Role, roles
from callcenter.paging import page_of
from callcenter.workdays import local_day

LEADERS = (Role.LEAD, Role.MANAGER)
TABS = {
    "policy": _("By policy"),
    "unit": _("By unit"),
    "region": _("By region"),
    "agent": _("By agent"),
}
NAMES = promises.OUTCOMES | {
    "all": _("to be contacted"),
    "ended": _("window over"),
    "touched": _("completed or tried to the limit"),
}


def _asked(request):
    """(the filter, what it means, now)."""
    now = timezone.now()
    today, given = local_day(now, settings.TIME_ZONE), request.GET.copy()
    if not given.get("start"):
        given["start"] = (today - timedelta(days=DAYS_BACK)).isoformat()
    form = PromiseFilter(given, user=request.user)
    return form, form.choice(today), now


def _address(choice, **changes):
    """A choice as the query of an address; what is not given stays away."""
    values = {name: getattr(choice, name) for name in ("start", "end", "campaign", *TABS)} | changes
    return urlencode({name: value for name, value in values.items() if value})


@roles(*LEADERS, Role.CLIENT)
@require_GET
def promise_board(request):
    """One line per policy, unit, region or agent. A client sees how its promises stand, not whose work it was."""
    form, choice, now = _asked(request)
    opens = request.user.scope().has(*LEADERS)
    tabs = {name: label for name, label in TABS.items() if opens or name != "agent"}
    by = request.GET.get("by", "policy")
    by = by if by in tabs else "policy"
    lines = promises.board(request.user, choice, by=by, now=now)
    for line in lines:
        line.address = _address(choice, **{by: line.key or promises.NOBODY})
    whole = promises.total(lines)
    whole.address = _address(choice)
    context = {
        "form": form,
        "choice": choice,
        "by": by,
        "tabs": tabs,
        "opens": opens,
        "page": page_of(lines, request.GET.get("page")),
        "whole": whole,
        "broken": sum(line.standing == "broken" for line in lines),
    }
    return render(request, "callbacks/promises.html", context)


@roles(*LEADERS)
@require_GET
def promise_list(request):
    """The contacts behind one number of the board."""
    _form, choice, now = _asked(request)
    what = request.GET.get("what", "all")
    what = what if what in NAMES else "all"
    rows = promises.behind(request.user, choice, what=what, now=now)
    context = {
        "page": page_of(rows, request.GET.get("page")),
        "what": what,
        "names": NAMES,
        "name": NAMES[what],
        "outcomes": promises.OUTCOMES,
        "address": _address(choice),
        "choice": choice,
        "about": promises.about(request.user, choice),
    }
    return render(request, "callbacks/promise_list.html", context)


@roles(*LEADERS)
@require_GET
def promise_draws(request):
    """The strata behind "eligible": of how many the promised contacts were drawn, with the seed that draws them again."""
    _form, choice, _now = _asked(request)
    context = {
        "page": page_of(promises.draws(request.user, choice), request.GET.get("page")),
        "whole": promises.drawn_in_all(request.user, choice),
        "address": _address(choice),
        "about": promises.about(request.user, choice),
    }
    return render(request, "callbacks/promise_draws.html", context)
