"""Bell notifications and the access log: two verbs every app uses."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop  # noqa: F401  (callers mark texts with it)

from callcenter.models import AccessLog, Notification


def notify(recipients, text, *, key, now, url="", level=Notification.Level.INFO, **params):
    """Put one line in each recipient's bell, once per ``key``.

    ``text`` is an English msgid marked with ``gettext_noop``; it is translated when shown, with ``params`` filled in.
    """
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=user, text=text, params=params, url=url, key=key, level=level, created_at=now
            )
            for user in recipients
        ],
        ignore_conflicts=True,
    )


def sentence(notification) -> str:
    """The notification in the reader's language."""
    return _(notification.text) % notification.params


def log_access(user, action, subject, subject_id="", *, now, reason="", request=None, **facts):
    """Append one row to the access log, in the caller's transaction (CUS-11)."""
    return AccessLog.objects.create(
        at=now,
        user=user,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        reason=reason[:300],
        facts=facts,
        address=request.META.get("REMOTE_ADDR") if request else None,
    )
