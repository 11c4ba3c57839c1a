"""SMS by any provider that takes a signed POST: JSON in, ``{"id": …}`` out.

The request carries ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` (``messaging.rules.signatures``) and the
message's key as ``Idempotency-Key``: the provider must take the same key once, so that an attempt may be repeated.
"""

import http.client
import json
import time
import urllib.error
import urllib.request

from django.conf import settings

from messaging.gateways.port import Accepted, Gateway, NotSent
from messaging.rules.segments import cost_of
from messaging.rules.signatures import signature

TIMEOUT = 10
LARGEST_ANSWER = 10_000
# Refusals that a later attempt may not meet again.
PASSING = {408, 409, 423, 425, 429}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A provider does not send us elsewhere with a customer's number."""

    def redirect_request(self, *_args):
        return None


OPENER = urllib.request.build_opener(_NoRedirects)


class HttpGateway(Gateway):
    """One request per message."""

    name = "http"
    repeatable = True

    def send(self, envelope):
        body = json.dumps(
            {
                "key": envelope.key,
                "to": envelope.recipient,
                "text": envelope.body,
                "sender": settings.SMS_SENDER,
                "encoding": cost_of(envelope.body).encoding,
            },
            ensure_ascii=False,
        ).encode()
        try:
            with OPENER.open(self._request(envelope, body), timeout=TIMEOUT) as answer:
                return Accepted(gateway_id=self._number(answer.read(LARGEST_ANSWER)))
        except urllib.error.HTTPError as error:
            again = error.code >= 500 or error.code in PASSING
            raise NotSent(f"HTTP {error.code}", again=again) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Whatever became of it: the provider takes the key once, so it is simply asked again.
            raise NotSent(str(error) or type(error).__name__, again=True) from error

    def _request(self, envelope, body):
        moment = int(time.time())
        address = settings.SMS_HTTP_URL
        if not address.startswith(("https://", "http://")):
            raise ValueError("SMS_HTTP_URL is no address")
        return urllib.request.Request(  # noqa: S310  (the scheme is checked above)
            address,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": envelope.key,
                "webhook-id": envelope.key,
                "webhook-timestamp": str(moment),
                "webhook-signature": signature(settings.SMS_HTTP_SECRET, envelope.key, moment, body),
            },
        )

    def _number(self, raw):
        answer = json.loads(raw)
        number = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(number, str | int) or not 0 < len(str(number)) <= 120:
            raise ValueError("the answer carries no id")
        return str(number)
