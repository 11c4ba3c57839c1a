"""A small SMS centre for the tests: speaks SMPP 3.4 over real sockets in a process of its own.

Run as a program it prints its port, then one JSON line per PDU it gets. Each line on its standard input is a JSON command:
``{"receipt": id, "state": "DELIVRD"}``, ``{"text": …, "from": …}``, or ``{"behave": "ok" | "throttle" | "reject" | "hang up"}``.
"""

import json
import socket
import struct
import sys
import threading

SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x04, 0x05, 0x06, 0x15
BINDS = {0x01: "receiver", 0x02: "transmitter", 0x09: "transceiver"}
ANSWERS = 0x80000000
BEHAVIOUR = {"throttle": 0x58, "reject": 0x0B}


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def text(value):
    return value.encode("latin-1") + b"\0"


def c_string(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode("latin-1"), end + 1


class Centre:
    def __init__(self):
        self.receivers, self.behave, self.numbers = [], "ok", 0
        self.server = socket.create_server(("127.0.0.1", 0))

    def serve(self):
        say(port=self.server.getsockname()[1])
        threading.Thread(target=self.obey, daemon=True).start()
        while True:
            peer, _address = self.server.accept()
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def obey(self):
        for line in sys.stdin:
            command = json.loads(line)
            if "behave" in command:
                self.behave = command["behave"]
                say(behaves=self.behave)
            elif "receipt" in command:
                words = f"id:{command['receipt']} sub:001 dlvrd:001 stat:{command['state']} err:000 text:"
                self.deliver("8613800138000", words.encode(), esm=0x04, coding=0)
            else:
                self.deliver(command["from"], command["text"].encode("utf-16-be"), esm=0, coding=8)
        self.server.close()

    def deliver(self, sender, data, *, esm, coding):
        body = text("") + b"\1\1" + text(sender) + b"\1\1" + text("10690000")
        body += bytes([esm, 0, 0]) + text("") + text("") + bytes([0, 0, coding, 0, len(data)]) + data
        for peer in self.receivers:
            self.numbers += 1
            peer.sendall(struct.pack(">LLLL", 16 + len(body), DELIVER, 0, 1000 + self.numbers) + body)

    def talk(self, peer):
        try:
            while head := peer.recv(16, socket.MSG_WAITALL):
                size, command, status, sequence = struct.unpack(">LLLL", head)
                body = peer.recv(size - 16, socket.MSG_WAITALL) if size > 16 else b""
                self.answer(peer, command, status, sequence, body)
        except (OSError, struct.error):
            pass
        finally:
            if peer in self.receivers:
                self.receivers.remove(peer)
            peer.close()

    def answer(self, peer, command, status, sequence, body):
        if command & ANSWERS:
            say(answered=command & ~ANSWERS, status=status)
            return
        answer, code = b"", 0
        if command in BINDS:
            system, at = c_string(body, 0)
            password, _at = c_string(body, at)
            code = 0 if password == "geheim" else 0x0E
            answer = text("centre")
            say(bound=BINDS[command], system=system)
            if command != 0x02 and not code:
                self.receivers.append(peer)
        elif command == SUBMIT:
            if self.behave == "hang up":
                say(hung_up=True)
                peer.close()
                raise OSError
            code = BEHAVIOUR.get(self.behave, 0)
            answer = self.submit(body, code)
        peer.sendall(struct.pack(">LLLL", 16 + len(answer), command | ANSWERS, code, sequence) + answer)

    def submit(self, body, code):
        _service, at = c_string(body, 0)
        source, at = c_string(body, at + 2)
        target, at = c_string(body, at + 2)
        esm = body[at]
        _when, at = c_string(body, at + 3)
        _until, at = c_string(body, at)
        registered, _replace, coding, _default, length = body[at : at + 5]
        data = body[at + 5 : at + 5 + length]
        header = list(data[: data[0] + 1]) if esm & 0x40 else []
        words = data[len(header) :]
        shown = words.decode("utf-16-be") if coding == 8 else words.decode("ascii", "replace")
        self.numbers += 1
        say(
            source=source, target=target, text=shown, coding=coding, header=header, receipt=registered, id=f"n{self.numbers}"
        )  # fmt: skip
        return b"" if code else text(f"n{self.numbers}")


if __name__ == "__main__":
    Centre().serve()
