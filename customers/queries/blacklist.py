"""The do-not-call list as its page shows it, and who decides about an entry (CUS-6)."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from callcenter.access import Role
from customers.models import BlacklistEntry, Client, Customer, Phone
from customers.queries.numbers import e164
from customers.rules.blacklist import decision_obstacle
from customers.states import ENTRY_FORBIDS, EntryState
from people.models import User

SHOWN = ("client", "customer", "created_by", "decided_by", "removal_by", "removed_by")
# How far an entry reaches: the narrowest of what it names.
REACHES = {
    "everywhere": Q(client=None, campaign_code="", purpose=""),
    "client": Q(client__isnull=False),
    "campaign": ~Q(campaign_code=""),
    "purpose": ~Q(purpose=""),
    "number": Q(customer=None),
    "person": Q(customer__isnull=False),
}
WAITING = (EntryState.PROPOSED, EntryState.REMOVAL_PROPOSED)
OVER = "expired"


def entry_list(
    user,
    *,
    now: datetime,
    number: str = "",
    reach: str = "",
    category: str = "",
    state: str = "",
    client: Client | None = None,
) -> QuerySet[BlacklistEntry]:
    """Entries in the scope of ``user``, newest first: one query.

    ``number`` is a whole phone number however it is typed; it finds its own entries and those about its owners. ``state`` is a
    state, or "expired" for entries whose time is over.
    """
    rows = BlacklistEntry.objects.visible_to(user).select_related(*SHOWN)
    if number:
        wanted = e164(number)
        owners = Phone.objects.filter(number=wanted).values("customer_id")
        rows = rows.filter(Q(number=wanted) | Q(customer_id__in=owners))
    if reach in REACHES:
        rows = rows.filter(REACHES[reach])
    if state == OVER:
        rows = rows.filter(expires_at__lte=now, state__in=[EntryState.PROPOSED, *ENTRY_FORBIDS])
    elif state in ENTRY_FORBIDS:
        rows = rows.in_force(now).filter(state=state)
    elif state:
        rows = rows.filter(state=state)
    exact = {"category": category, "client": client}
    return rows.filter(**{name: value for name, value in exact.items() if value}).order_by("-id")


def not_listed(
    customers: QuerySet[Customer], *, client_id: int, purpose: str, campaign_code: str, now: datetime
) -> QuerySet[Customer]:
    """Those of ``customers`` who may be on the plan of a campaign: neither they nor all their valid numbers are on the list."""
    reach = Q(client=None) | Q(client_id=client_id)
    entries = BlacklistEntry.objects.in_force(now).filter(
        reach, purpose__in=["", purpose], campaign_code__in=["", campaign_code]
    )
    listed = entries.filter(Q(customer=None) | Q(customer=OuterRef("customer_id")), number=OuterRef("number"))
    numbers = Phone.objects.filter(customer=OuterRef("pk"))
    blocked = Exists(numbers.filter(Exists(listed))) & ~Exists(numbers.usable().filter(~Exists(listed)))
    return customers.filter(~Exists(entries.filter(customer=OuterRef("pk"), number=""))).exclude(blocked)


def entry_page(user) -> QuerySet[BlacklistEntry]:
    """Entries in scope with what the page of one shows."""
    return BlacklistEntry.objects.visible_to(user).select_related(*SHOWN)


def entry_history(entry: BlacklistEntry) -> list[tuple]:
    """The steps of an entry with the name of the state each led to, newest first: one query."""
    names = dict(EntryState.choices)
    steps = entry.steps.select_related("by").order_by("-at", "-id")
    return [(step, names.get(step.to_state, step.to_state)) for step in steps]


def entry_verbs(entry: BlacklistEntry, user, *, now: datetime) -> tuple[list[str], str]:
    """What the person may do with the entry, and why they may not decide: ``proposer``, ``role``, or empty."""
    if entry.state == EntryState.IN_FORCE:
        return (["ask-removal"] if entry.expires_at is None or entry.expires_at > now else []), ""
    if entry.state not in WAITING:
        return [], ""
    proposed = entry.state == EntryState.PROPOSED
    if not BlacklistEntry.objects.decidable_by(user).filter(pk=entry.pk).exists():
        return [], "role"
    asked_by = entry.created_by_id if proposed else entry.removal_by_id
    if obstacle := decision_obstacle(user.pk, asked_by=asked_by):
        return ([] if proposed else ["keep"]), obstacle
    return (["approve", "reject"] if proposed else ["remove", "keep"]), ""


def approvers_of(entry: BlacklistEntry) -> QuerySet[User]:
    """Who may decide about the entry: leads and managers of the customer's team or unit; of a number alone every manager."""
    over = _over(entry.customer) if entry.customer_id else Q(memberships__role=Role.MANAGER)
    return User.objects.filter(over, is_active=True).distinct().order_by("full_name", "id")


def _over(customer: Customer) -> Q:
    above = [int(number) for number in customer.unit.path.strip("/").split("/")]
    place = Q(memberships__team=None, memberships__unit__in=above)
    if customer.team_id:
        place |= Q(memberships__team=customer.team_id)
    return place & Q(memberships__role__in=[Role.LEAD, Role.MANAGER])
