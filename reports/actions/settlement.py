"""Making, counting anew and signing a client's statement; choosing and keeping schemes (KPI-13)."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from callcenter.workdays import local_day
from callcenter.workflow import advance
from reports.models import CampaignScheme, SettlementScheme, Statement, StatementLine, StatementState
from reports.queries.settlement import items_of, next_month, settled_campaigns

# Late data corrects so many signed months.
LOOKS_BACK = 12
Kind = StatementLine.Kind


@transaction.atomic
def save_scheme(*, scheme: SettlementScheme, by, now) -> SettlementScheme:
    """Keep a scheme. Raises ``Conflict`` ``scheme_used`` once a signed statement has counted by it."""
    if scheme.pk and is_used(scheme):
        raise Conflict(
            _(
                "A signed statement was counted by this scheme. Make another one and choose it for the months to come."
            ),
            code="scheme_used",
        )
    scheme.save()
    log_access(by, AccessLog.Action.CHANGE, "settlement_scheme", scheme.pk, now=now, name=scheme.name)
    return scheme


def is_used(scheme: SettlementScheme) -> bool:
    """Whether a signed statement was counted by it."""
    return scheme.lines.filter(statement__state=StatementState.SIGNED).exists()


@transaction.atomic
def choose_scheme(*, campaign, scheme, since: date, by, now) -> CampaignScheme:
    """Settle a campaign by ``scheme`` from the month ``since`` on. Raises ``Refused`` for a month that is signed."""
    month = since.replace(day=1)
    signed = Statement.objects.filter(
        client=campaign.client_id, month__gte=month, state=StatementState.SIGNED
    )
    if signed.exists():
        message = _("The statement of this month, or of a later one, is signed. Choose a month after it.")
        raise Refused(message, code="month_signed", fields={"since": [message]})
    row, _made = CampaignScheme.objects.update_or_create(
        campaign=campaign, since=month, defaults={"scheme": scheme}
    )
    log_access(
        by,
        AccessLog.Action.CHANGE,
        "settlement",
        campaign.pk,
        now=now,
        scheme=scheme.name,
        since=month.isoformat(),
    )
    return row


@transaction.atomic
def make_statement(*, client, month: date, by, now) -> Statement:
    """The draft of a client's month, counted anew if there is one; a signed one is refused with ``Conflict``.

    Raises ``Refused`` for a month that has not begun, and where no campaign of the client has a scheme.
    """
    month = month.replace(day=1)
    if month > local_day(now, settings.TIME_ZONE):
        message = _("This month has not begun. Choose an earlier one.")
        raise Refused(message, code="month_to_come", fields={"month": [message]})
    campaigns = settled_campaigns(client, month)
    if not campaigns and not _corrections(client, month):
        message = _(
            "No campaign of this client has a settlement scheme in this month. Choose one on its page first."
        )
        raise Refused(message, code="no_scheme", fields={"client": [message]})
    made, fresh = Statement.objects.select_for_update().get_or_create(
        client=client, month=month, defaults={"counted_at": now, "made_by": by}
    )
    if made.state != StatementState.DRAFT:
        raise Conflict(
            _("The statement of this month is signed. Later changes are corrected in the next one."),
            code="statement_signed",
        )
    made.lines.all().delete()
    lines = [
        StatementLine(
            statement=made,
            campaign=campaign,
            scheme=scheme,
            kind=item.kind,
            place=item.place,
            quantity=item.quantity,
            base=item.base,
            rate=item.rate,
            amount=item.amount,
        )
        for campaign, scheme in campaigns
        for item in items_of(campaign, scheme, month)
    ]
    lines += [
        StatementLine(statement=made, kind=Kind.CORRECTION, about=about, amount=amount)
        for about, amount in _corrections(client, month).items()
    ]
    StatementLine.objects.bulk_create(lines)
    made.total = sum((line.amount for line in lines), Decimal())
    made.counted_at, made.made_by = now, by
    made.save(update_fields=["total", "counted_at", "made_by"])
    if fresh:
        Statement.STEP.objects.create(case=made, from_state="", to_state=made.state, at=now, by=by)
    return made


def _corrections(client, month: date) -> dict[date, Decimal]:
    """Signed month → what the records say of it now, less what was settled for it so far; only what differs."""
    differences = {}
    first = next_month(month, -LOOKS_BACK)
    signed = Statement.objects.filter(
        client=client, state=StatementState.SIGNED, month__gte=first, month__lt=month
    )
    for earlier in signed.order_by("month"):
        now_due = sum(
            (
                item.amount
                for campaign, scheme in settled_campaigns(client, earlier.month)
                for item in items_of(campaign, scheme, earlier.month)
            ),
            Decimal(),
        )
        if difference := now_due - _settled(client, earlier):
            differences[earlier.month] = difference
    return differences


def _settled(client, earlier) -> Decimal:
    """What a signed month's own lines and the corrections of it in all signed statements add up to."""
    own = earlier.lines.exclude(kind=Kind.CORRECTION)
    later = StatementLine.objects.filter(
        about=earlier.month, statement__client=client, statement__state=StatementState.SIGNED
    )
    sums = [rows.aggregate(total=Sum("amount"))["total"] or Decimal() for rows in (own, later)]
    return sum(sums, Decimal())


@transaction.atomic
def sign_statement(*, statement, by, now, counted_at: datetime | None = None) -> Statement:
    """A second person signs a month that is over; from then on it never changes.

    ``counted_at`` is when what she has seen was counted. Raises ``Refused``, and ``Conflict`` when it was counted anew since, or
    when another month of the client was signed after it was counted: both may correct the same month.
    """
    rows = Statement.objects.select_for_update(of=("self",)).filter(client=statement.client_id)
    of_client = {row.pk: row for row in rows.order_by("id")}
    statement = of_client.pop(statement.pk)
    if counted_at not in (None, statement.counted_at):
        raise Conflict(
            _("The statement has been counted anew meanwhile. Look at it again before you sign."),
            code="counted_anew",
        )
    if any(other.signed_at and other.signed_at > statement.counted_at for other in of_client.values()):
        raise Conflict(
            _("Another month of this client was signed after this one was counted. Count it anew first."),
            code="other_month_signed",
        )
    if statement.made_by_id == by.pk:
        raise Refused(_("A second person has to sign what you have made."), code="second_person")
    if next_month(statement.month) > local_day(now, settings.TIME_ZONE):
        raise Refused(_("The month is not over yet. Sign it when it is."), code="month_runs")
    return advance(statement, StatementState.SIGNED, by=by, at=now, signed_by=by, signed_at=now)
