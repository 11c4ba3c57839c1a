"""What this app itself adds to a customer's timeline: events, consent, do-not-call, merges, and who looked (CUS-9)."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.access import Role
from callcenter.masking import mask_text
from callcenter.models import AccessLog
from customers.models import BlacklistEntry, Consent, Customer, Merge, Phone
from customers.queries.timeline import Entry, Source, register
from customers.rules.phones import mask
from customers.states import ENTRY_FORBIDS

SUBJECTS = {
    "customer": gettext_lazy("Customer's record"),
    "email": gettext_lazy("Whole e-mail address"),
    "identity": gettext_lazy("Whole identity number"),
    "customer_copy": gettext_lazy("Copy of the person's data"),
    "legal_hold": gettext_lazy("Legal hold"),
    "customer_erased": gettext_lazy("Personal data erased"),
    "customer_merged": gettext_lazy("Duplicates merged"),
    "customer_unmerged": gettext_lazy("Merge undone"),
}
PHONE = gettext_lazy("Whole phone number")


def _events(user, customer):
    return customer.events.all()


def _show_event(event) -> Entry:
    facts = mask_text(", ".join(f"{name}: {value}" for name, value in list(event.facts.items())[:5]))
    return Entry(title=event.kind, text=" · ".join(filter(None, [event.external_id, facts])))


def _consents(user, customer):
    return customer.consents.select_related("by")


def _show_consent(consent) -> Entry:
    granted = consent.state == Consent.State.GRANTED
    return Entry(
        title=f"{consent.get_channel_display()} · {consent.get_purpose_display()}",
        badge=consent.get_state_display(),
        tone="good" if granted else "bad",
        text=consent.source,
        by=consent.by,
    )


def _blacklist(user, customer):
    numbers = Phone.objects.filter(customer=customer).values("number")
    about = Q(customer=customer) | Q(customer=None, number__in=numbers)
    return BlacklistEntry.objects.filter(about).select_related("created_by", "client")


def _show_blacklist(entry) -> Entry:
    what = entry.get_purpose_display() if entry.purpose else _("every purpose")
    about = [what, str(entry.client or ""), mask(entry.number) if entry.number else ""]
    return Entry(
        title=" · ".join(filter(None, about)),
        text=entry.reason,
        by=entry.created_by,
        tone="bad" if entry.state in ENTRY_FORBIDS else "quiet",
        badge=entry.get_state_display(),
    )


def _merges(user, customer):
    return Merge.objects.filter(survivor=customer).select_related("by", "loser")


def _show_merge(merge) -> Entry:
    title = _("Record #%(number)s was merged into this one") % {"number": merge.loser_id}
    undone = merge.undone_at is not None
    return Entry(title=title, by=merge.by, badge=_("undone") if undone else "", tone="warn")


def _access(user, customer):
    """The log about the record, the records merged into it, and its numbers."""
    ids = [customer.pk, *Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)]
    phones = Phone.objects.filter(customer=customer).values_list("pk", flat=True)
    about = Q(subject__in=list(SUBJECTS), subject_id__in=map(str, ids))
    about |= Q(subject="phone", subject_id__in=[str(pk) for pk in phones])
    return AccessLog.objects.filter(about).select_related("user")


def _show_access(log) -> Entry:
    fields = log.facts.get("fields")
    detail = ", ".join(map(str, fields)) if isinstance(fields, list) else ""
    return Entry(
        title=f"{SUBJECTS.get(log.subject, PHONE)}: {log.get_action_display()}",
        text=" · ".join(filter(None, [log.reason, detail])),
        by=log.user,
    )


register(
    Source("customers.event", "event", _events, "occurred_at", _show_event),
    Source("customers.consent", "consent", _consents, "at", _show_consent),
    Source("customers.do_not_call", "do_not_call", _blacklist, "created_at", _show_blacklist),
    Source("customers.merge", "record", _merges, "at", _show_merge),
    # Who looked at a person's data is for those who answer for it (CUS-11).
    Source("customers.access", "access", _access, "at", _show_access, roles=(Role.MANAGER,)),
)
