"""Identity numbers are written sealed, with the hash by which they are found (CUS-11)."""

from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.sealing import fingerprint, seal
from customers.rules.identity import IdentityRejected, read_identity


def sealed(text: str) -> dict[str, str]:
    """The columns for an identity number as typed. Raises ``Refused`` for what is none; "" empties them."""
    try:
        number = read_identity(text)
    except IdentityRejected as rejected:
        message = f"{_(rejected.message)} {_(rejected.hint)}"
        raise Refused(message, code=rejected.code, fields={"id_number": [message]}) from None
    return {"id_sealed": seal(number), "id_print": fingerprint(number)}
