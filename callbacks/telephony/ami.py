"""A client of Asterisk's manager interface (AMI): lines of ``Key: value``, an empty line ends a message."""

import itertools
import socket
import time
from collections import deque

from django.conf import settings

CONNECT_SECONDS, ANSWER_SECONDS = 3, 5
# A message longer than this is no message.
LARGEST = 64 * 1024
_numbers = itertools.count(1)


class AmiError(Exception):
    """The exchange cannot be reached, does not answer or does not let us in."""


class Manager:
    """One signed-in connection. Use as a context manager; ``events`` is the mask of what is to be heard ("off", "call")."""

    def __init__(self, *, events="off"):
        self.events = events
        self.heard = deque()
        self.buffer = b""
        self.socket = None

    def __enter__(self):
        try:
            self.socket = socket.create_connection(
                (settings.ASTERISK_HOST, settings.ASTERISK_PORT), timeout=CONNECT_SECONDS
            )
            self._greeting()
            answer = self.ask(
                "Login",
                Username=settings.ASTERISK_USER,
                Secret=settings.ASTERISK_SECRET,
                Events=self.events,
            )
            if answer.get("Response") != "Success":
                raise AmiError(answer.get("Message") or "the exchange refuses the sign-in")
        except OSError as error:
            self.close()
            raise AmiError(str(error) or "no connection to the exchange") from error
        except AmiError:
            self.close()
            raise
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        """Close the socket without ceremony; the exchange notices."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def ask(self, action, *, action_id="", **headers) -> dict:
        """Send an action and give its response; events that come in between are kept. Raises ``AmiError``."""
        action_id = action_id or f"c{next(_numbers)}"
        lines = [("Action", action), ("ActionID", action_id), *headers.items()]
        if any(mark in str(value) for _name, value in lines for mark in "\r\n"):
            raise AmiError("a value of an action contains a line break")
        try:
            self.socket.sendall("".join(f"{name}: {value}\r\n" for name, value in lines).encode() + b"\r\n")
        except OSError as error:
            raise AmiError(str(error) or "the connection to the exchange broke") from error
        end = time.monotonic() + ANSWER_SECONDS
        while (left := end - time.monotonic()) > 0:
            message = self._message(left)
            if message is None:
                break
            if "Response" in message and "Event" not in message and message.get("ActionID") == action_id:
                return message
            self.heard.append(message)
        raise AmiError(f"no answer to {action}")

    def read(self, seconds) -> dict | None:
        """The next event, waiting so many seconds at the most. Raises ``AmiError`` when the connection has gone."""
        return self.heard.popleft() if self.heard else self._message(seconds)

    def channels(self) -> set[str]:
        """The linked ids of all channels that live now."""
        self.ask("CoreShowChannels", action_id=(mine := f"c{next(_numbers)}"))
        found, aside = set(), []
        end = time.monotonic() + ANSWER_SECONDS
        while (left := end - time.monotonic()) > 0:
            message = self.heard.popleft() if self.heard else self._message(left)
            if message is None:
                break
            if message.get("ActionID") != mine:
                aside.append(message)
            elif message.get("Event") == "CoreShowChannelsComplete":
                self.heard.extend(aside)
                return found
            else:
                found |= {message.get("Uniqueid", ""), message.get("Linkedid", "")}
        raise AmiError("the list of channels has no end")

    def _greeting(self):
        while b"\n" not in self.buffer:
            self._more(ANSWER_SECONDS)
        line, _mark, self.buffer = self.buffer.partition(b"\n")
        if not line.startswith(b"Asterisk Call Manager"):
            raise AmiError("this is no manager interface of Asterisk")

    def _message(self, seconds) -> dict | None:
        end = time.monotonic() + seconds
        while b"\r\n\r\n" not in self.buffer:
            if not self._more(max(end - time.monotonic(), 0.001)):
                return None
        raw, _mark, self.buffer = self.buffer.partition(b"\r\n\r\n")
        pairs = (line.partition(":") for line in raw.decode("utf-8", "replace").split("\r\n"))
        return {name.strip(): value.strip() for name, mark, value in pairs if mark}

    def _more(self, seconds) -> bool:
        self.socket.settimeout(seconds)
        try:
            data = self.socket.recv(16_384)
        except TimeoutError:
            return False
        except OSError as error:
            raise AmiError(str(error) or "the connection to the exchange broke") from error
        if not data:
            raise AmiError("the exchange has closed the connection")
        self.buffer += data
        if len(self.buffer) > LARGEST and b"\r\n\r\n" not in self.buffer:
            raise AmiError("a message has no end")
        return True
