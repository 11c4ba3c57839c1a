"""What this app adds to a customer's timeline: what was answered, on whatever way (CUS-9)."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from callcenter.texts import localized
from customers.queries.timeline import Entry, Source, register
from surveys.models import Answer, Response

SHOWN = 6


def _responses(user, customer):
    answers = (
        Answer.objects.filter(asked=True).select_related("item__question").order_by("item__position", "id")
    )
    rows = Response.objects.visible_to(user).filter(customer=customer, submitted_at__isnull=False)
    return rows.select_related("version__questionnaire").prefetch_related(Prefetch("answers", answers))


def _show_response(response) -> Entry:
    given = [answer for answer in response.answers.all() if answer.shown]
    words = [f"{answer.item.question} {_words(answer)}" for answer in given[:SHOWN]]
    return Entry(
        title=str(response.version),
        badge="" if response.complete else _("incomplete"),
        tone="warn",
        text=" · ".join(words),
    )


def _words(answer) -> str:
    """Chosen options as the reader calls them; anything else as it was given."""
    names = {option.get("value"): localized(option.get("text")) for option in answer.item.question.options}
    return ", ".join(names.get(value) or value for value in answer.values) or answer.shown


register(Source("surveys.response", "answer", _responses, "submitted_at", _show_response))
