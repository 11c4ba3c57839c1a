"""Messages over the API, and the door for what providers tell us (CB-9)."""

import json

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Role, public, roles
from callcenter.errors import Conflict, Refused
from messaging import actions
from messaging.forms.messages import MessageFilter
from messaging.models import Message
from messaging.queries import lists
from messaging.rules.signatures import BadSignature, verify
from messaging.serializers import HookInput, MessageInput, MessageOutput

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
LARGEST_HOOK = 64 * 1024


@roles(*READERS)
class MessageList(generics.ListAPIView):
    """Messages in scope, newest first, filtered as on the page; POST plans one (idempotent by ``key``)."""

    serializer_class = MessageOutput
    queryset = Message.objects.none()

    def get_queryset(self):
        return lists.messages(self.request.user, **MessageFilter(self.request.GET).chosen())

    @extend_schema(request=MessageInput, responses={200: MessageOutput, 201: MessageOutput})
    def post(self, request):
        form = MessageInput(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        values = form.validated_data
        template = values.pop("template")
        values["key"] = f"api:{request.user.pk}:{values['key']}"
        message, created = actions.plan_message(
            **values,
            version=actions.usable_version(template),
            by=request.user,
            now=timezone.now(),
            strict=True,
        )
        if message.customer_id != values["customer"].pk or message.version.template_id != template.pk:
            raise Conflict(
                _("This key was already used for another message. Choose another one."), code="key_used"
            )
        return Response(MessageOutput(message).data, status=201 if created else 200)


@roles(*READERS)
class MessageDetail(generics.RetrieveAPIView):
    """One message in scope."""

    serializer_class = MessageOutput
    queryset = Message.objects.none()

    def get_queryset(self):
        return lists.messages(self.request.user)


@public("signed by the provider")
class MessageHook(APIView):
    """Receipts and replies from a provider, signed with a shared key (``webhook-id``, ``webhook-timestamp``,
    ``webhook-signature``; see deploy/README.md). The same ``webhook-id`` again changes nothing and answers the same.
    """

    authentication_classes = ()
    throttle_classes = ()

    @extend_schema(request=HookInput, responses={200: None, 400: None})
    def post(self, request, channel):
        body = _signed_body(request)
        form = HookInput(data=_read(body))
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        kind = values.pop("type")
        key = f"hook:{channel}:{request.headers['webhook-id']}"
        actions.take_event(key=key, kind=kind, channel=channel, payload=values, now=timezone.now())
        return Response({"ok": True})


class BadHook(Refused):
    """Who posts cannot be believed; says no more than that."""

    status = 400
    code = "signature"


def _signed_body(request) -> bytes:
    """The body as it came, once its signature holds. Raises ``BadHook``."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_HOOK:
        raise BadHook(_("The request is too large."), code="too_large")
    body = request._request.body
    try:
        verify(
            settings.MESSAGE_HOOK_SECRETS,
            message_id=request.headers.get("webhook-id", ""),
            timestamp=request.headers.get("webhook-timestamp", ""),
            signatures=request.headers.get("webhook-signature", ""),
            body=body,
            now=timezone.now(),
        )
    except BadSignature as error:
        raise BadHook(
            _("The signature is missing, wrong or too old."), code=f"signature_{error.code}"
        ) from error
    return body


def _read(body):
    try:
        # A NUL fits in no column; nobody types one.
        return json.loads(body.decode().replace("\\u0000", ""))
    except (ValueError, RecursionError) as error:
        raise Refused(_("The body is no JSON."), code="invalid") from error
