"""What people change about their own account."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from callcenter.models import AccessLog
from callcenter.notify import log_access
from people.models import User


def save_preferences(*, user, language, keyboard_commands) -> None:
    """Keep a person's own choices; an empty language means as in the browser (ux.md sections 3.3 and 10)."""
    User.objects.filter(pk=user.pk).update(language=language, keyboard_commands=keyboard_commands)


@transaction.atomic
def create_token(*, user, now, request=None) -> str:
    """A new API token of the person; the old one stops working. Returns the key, which is shown once."""
    Token.objects.filter(user=user).delete()
    token = Token.objects.create(user=user)
    log_access(user, AccessLog.Action.CHANGE, "api_token", user.pk, now=now, reason="created", request=request)
    return token.key


@transaction.atomic
def revoke_token(*, user, now, request=None) -> bool:
    """Make the person's API token stop working; False when there was none."""
    deleted, _rows = Token.objects.filter(user=user).delete()
    if deleted:
        log_access(user, AccessLog.Action.CHANGE, "api_token", user.pk, now=now, reason="revoked", request=request)
    return bool(deleted)
