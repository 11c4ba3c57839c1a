"""The page on which the customer of a trial says yes or no: no sign-in, no script, no cookie (CAM-10, domain.md 8.2 type B).

It shows price, end of the trial and how to cancel, as they are read out in a call. Opening it answers nothing.
"""

from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from callbacks.actions import answer_by_link
from callbacks.models import Confirmation
from callbacks.states import CONFIRMATION_OPEN
from callcenter.access import public
from callcenter.errors import Conflict, Refused
from callcenter.links import behind_link, say
from campaigns.queries import rendered_script
from surveys.rules.tokens import hash_of

TEMPLATE = "callbacks/public_trial.html"


@public("customers answer without an account; the link is the key")
# Nobody is signed in and no cookie is set, so there is nothing a foreign page could borrow.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request, token):
    """The question behind a link, or a sentence that says why there is none."""
    key = hash_of(token)
    rows = Confirmation.objects.select_related(
        "message", "order__account__customer", "order__campaign__client", "order__campaign__script"
    )
    question = rows.filter(token_hash=key).first() if key else None
    return behind_link(
        request,
        page="trial",
        template=TEMPLATE,
        row=question,
        language=question.message.language if question and question.message else "",
        show=lambda: _page(request, question),
    )


def _say(request, what, status, **facts):
    return say(request, TEMPLATE, what, status, **facts)


def _page(request, question):
    now = timezone.now()
    closed = question.state not in CONFIRMATION_OPEN or question.deadline <= now
    if closed or question.order.account.customer.restriction:
        return _say(request, "closed", 410)
    if request.method != "POST" or request.POST.get("wants") not in ("yes", "no"):
        return _question(request, question)
    wants = request.POST["wants"] == "yes"
    try:
        answer_by_link(question=question, wants=wants, ticked=request.POST.getlist("ticked"), now=now)
    except Refused as error:
        return _question(request, question, problem=str(error.message))
    except Conflict:
        return _say(request, "closed", 410)
    return _say(request, "confirmed" if wants else "ended", 200)


def _question(request, question, problem=""):
    order = question.order
    customer = order.account.customer
    # In the language of the page, which the customer may have changed.
    customer.language = translation.get_language()
    script = rendered_script(campaign=order.campaign, customer=customer, agent=None)
    facts = {"order": order, "statements": script.statements, "problem": problem}
    return _say(request, "questions", 422 if problem else 200, **facts)
