"""The page on which a customer answers (CAM-7, ISS-6): no sign-in, no script, no cookie, in the customer's language.

Opening it never uses the link up; only answers do. Questions that depend on others follow on the same page once the answers
before them are known.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from callcenter.access import public
from callcenter.errors import Conflict, Refused
from callcenter.links import behind_link, say
from surveys import actions, queries
from surveys.asking import all_seen, given_in, questions_of
from surveys.models import Invitation
from surveys.rules.tokens import hash_of

TEMPLATE = "surveys/public.html"
TRAP = "website"


@public("customers answer without an account; the link is the key")
# Nobody is signed in and no cookie is set, so there is nothing a foreign page could borrow.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request, token):
    """The questions behind a link, or a sentence that says why there are none."""
    key = hash_of(token)
    rows = Invitation.objects.select_related("version", "customer__client")
    invitation = rows.filter(token_hash=key).first() if key else None
    return behind_link(
        request,
        page="survey",
        template=TEMPLATE,
        row=invitation,
        language=invitation.language if invitation else "",
        show=lambda: _page(request, invitation),
    )


def _say(request, what, status, **facts):
    return say(request, TEMPLATE, what, status, **facts)


def _page(request, invitation):
    now = timezone.now()
    if invitation.used_at:
        return _say(request, "used", 410)
    if invitation.expires_at <= now or invitation.customer.restriction:
        return _say(request, "expired", 410)
    if request.method != "POST":
        actions.note_opening(invitation=invitation, now=now)
        return _questions(request, invitation)
    if "stop" in request.POST:
        actions.stop_invitations(invitation=invitation, now=now)
        return _say(request, "stopped", 200)
    if request.POST.get(TRAP):
        return _questions(request, invitation, problems={"": [_("Leave the last field empty.")]})
    return _answered(request, invitation, now)


def _answered(request, invitation, now):
    """Save the answers; show the questions again with what follows from them, or with what is wrong."""
    items = queries.form_of(invitation.version)
    given = given_in(request.POST, items)
    if not all_seen(request.POST, items, given):
        return _questions(request, invitation, given=given)
    try:
        actions.answer_invitation(invitation=invitation, answers=given, channel=invitation.channel, now=now)
    except Refused as error:
        return _questions(request, invitation, given=given, problems=error.fields)
    except Conflict as error:
        return _say(request, error.code, 410)
    return _say(request, "thanks", 200)


def _questions(request, invitation, given=None, problems=None):
    given, problems = given or {}, problems or {}
    return _say(
        request,
        "questions",
        422 if problems else 200,
        questions=questions_of(queries.form_of(invitation.version), given, problems),
        general=problems.get("", []),
        wrong=bool(problems),
        invitation=invitation,
        trap=TRAP,
    )
