"""The archive's own conditions as parts of one query (CUS-1, CUS-2, CUS-4, CUS-5).

Each is a ``Q`` on columns of the customer, or an EXISTS over one index; none joins, so that no customer is counted twice.
"""

from django.db.models import CharField, Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from customers.models import Client, Contact, Customer, Region, ServiceEvent
from customers.queries.completeness import filled
from customers.queries.segments.registry import Kind, register
from customers.rules.segments import SHAPES
from people.models import Team, Unit

NOBODY = Q(pk__in=[])
# From how many of the newest customers the names of further fields are gathered.
SAMPLED = 100


class JsonText(Func):
    """The text of one key of a JSON column, whatever the key is called; NULL without it."""

    output_field = CharField()

    def __init__(self, column, key):
        self.key = key
        super().__init__(column)

    def as_postgresql(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"JSONB_EXTRACT_PATH_TEXT({sql}, %s)", [*params, self.key]

    def as_sqlite(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        # A path would have to spell the key as the stored text escapes it; a comparison does not.
        return f"(SELECT CAST(value AS TEXT) FROM JSON_EACH({sql}) WHERE key = %s)", [*params, self.key]  # noqa: S608


def _equal(column):
    """Of columns that hold a code or text: one of the values, or none of them."""

    def condition(values, run):
        among = Q(**{f"{column}__in": values["values"]})
        return among if values["op"] == "one_of" else ~among

    return condition


def _amount(values, run):
    limits = {"low": "amount__gte", "high": "amount__lte"}
    return Q(**{limits[name]: values[name] for name in limits if name in values})


def _key(values, run):
    return Q(key_customer=values["op"] == "yes")


def _is(column):
    def condition(values, run):
        value = "" if values["value"] == "unknown" else values["value"]
        same = Q(**{column: value})
        return same if values["op"] == "is" else ~same

    return condition


def _among(column, ids):
    """``ids(values, run)`` are the rows meant; operators "in" and "is" want one of them, the others none."""

    def condition(values, run):
        found = ids(values, run)
        among = Q(**{f"{column}__in": found}) if found else NOBODY
        return among if values["op"] in ("in", "is") else ~among

    return condition


def _team(values, run):
    if values["op"] == "none":
        return Q(team=None)
    return _among("team_id", lambda values, run: run.team_ids(values["value"]))(values, run)


def _event(values, run):
    events = ServiceEvent.objects.filter(customer=OuterRef("pk"), kind=values["event"])
    recent = Exists(events.filter(occurred_at__gte=run.ago(values.get("days", 0)), occurred_at__lte=run.now))
    earlier = Exists(events.filter(occurred_at__lte=run.now))
    if values["op"] == "within":
        return Q(recent)
    if values["op"] == "longer":
        return Q(earlier) & ~Q(recent)
    if values["op"] == "never":
        return ~Q(earlier)
    return Q(Exists(events.filter(occurred_at__gt=run.now, occurred_at__lte=run.ahead(values["days"]))))


def _contact(**only):
    """How long ago the last contact of a kind was, in the ledger of all campaigns."""

    def condition(values, run):
        contacts = Contact.objects.filter(customer=OuterRef("pk"), **only)
        recent = Exists(contacts.filter(at__gte=run.ago(values.get("days", 0))))
        if values["op"] == "within":
            return Q(recent)
        if values["op"] == "not_within":
            return ~Q(recent)
        never = ~Q(Exists(contacts)) if only else Q(first_contact_at=None)
        return ~never & ~Q(recent) if values["op"] == "longer" else never

    return condition


def _custom(values, run):
    text = Coalesce(JsonText("custom", values["field"]), Value(""))
    wanted = Value(values.get("value", ""), output_field=CharField())
    same = Q(Exact(text, wanted))
    return same if values["op"] in ("is", "empty") else ~same


def _missing(values, run):
    there = filled(values["field"])
    there = there if isinstance(there, Q) else Q(there)
    return there if values["op"] == "filled" else ~there


def _regions(user):
    return list(Region.objects.order_by("code", "id").values_list("code", "name"))


def _clients(user):
    return list(Client.objects.visible_to(user).order_by("name", "id").values_list("code", "name"))


def _units(user):
    return list(Unit.objects.visible_to(user).order_by("path", "id").values_list("code", "name"))


def _teams(user):
    return list(Team.objects.visible_to(user).order_by("name", "id").values_list("code", "name"))


def _custom_names(user):
    """The further fields seen on the newest customers in scope."""
    newest = Customer.objects.visible_to(user).order_by("-id").values_list("custom", flat=True)[:SAMPLED]
    return [(name, name) for name in sorted({name for custom in newest for name in custom})]


def register_archive() -> None:
    """Offer the archive's kinds, in the order of the menu."""
    conditions = {
        "amount": _amount,
        "level": _equal("level"),
        "key_customer": _key,
        "nature": _is("nature"),
        "relation": _is("relation"),
        "language": _equal("language"),
        "source": _equal("source"),
        "region": _among("region_id", lambda values, run: run.regions_below(values["value"])),
        "client": _among("client_id", lambda values, run: run.client_ids(values["value"])),
        "unit": _among("unit_id", lambda values, run: run.units_below(values["value"])),
        "team": _team,
        "event": _event,
        "contact": _contact(),
        "completed": _contact(completed=True),
        "custom": _custom,
        "missing": _missing,
    }
    options = {"region": _regions, "client": _clients, "unit": _units, "team": _teams}
    suggestions = {"custom": {"field": _custom_names}}
    for code, condition in conditions.items():
        offered = {"value": options[code]} if code in options else {}
        register(Kind(SHAPES[code], condition, offered, suggestions.get(code, {})))
