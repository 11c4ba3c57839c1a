"""How the numbers of two records unite (CUS-1): each number once, with the worse of what was found out about it."""

from customers.actions.merging.relations import unites
from customers.models import Phone


@unites("customers.Phone")
def unite_phones(*, journal, survivor, loser, **_rest):
    """Numbers that only the merged record has move over; of one that both have, the survivor's row stays.

    A number found vacant, suspended or wrong on either record stays closed: nobody calls it again on the word of a copy. The
    survivor's preferred number stays so; without one the other's takes its place.
    """
    kept = {(phone.number, phone.extension): phone for phone in Phone.objects.filter(customer=survivor)}
    chosen = any(phone.preferred for phone in kept.values())
    closed = {}
    for phone in Phone.objects.filter(customer=loser).order_by("-preferred", "id"):
        twin = kept.get((phone.number, phone.extension))
        if twin is not None:
            if phone.state != Phone.State.VALID and twin.state == Phone.State.VALID:
                closed[twin] = phone.state
            journal.remove(Phone.objects.filter(pk=phone.pk))
            continue
        if phone.preferred and chosen:
            journal.change(phone, preferred=False)
        chosen = chosen or phone.preferred
        journal.move(Phone.objects.filter(pk=phone.pk), "customer_id", was=loser.pk, to=survivor.pk)
    for twin, state in closed.items():
        journal.change(twin, state=state, preferred=False)
    if closed or not chosen:
        _prefer_a_valid_one(journal, survivor)


def _prefer_a_valid_one(journal, survivor):
    phones = Phone.objects.filter(customer=survivor)
    if not phones.filter(preferred=True).exists():
        heir = phones.usable().order_by("id").first()
        if heir is not None:
            journal.change(heir, preferred=True)
