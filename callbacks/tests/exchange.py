"""A small Asterisk for the tests: speaks the manager interface over real sockets in a process of its own.

Run as a program it prints its port, then one JSON line per action it gets. Each line on its standard input is a JSON command for
the call originated last: ``{"do": "ring" | "answer" | "agent hangs up" | "customer hangs up"}``, ``{"do": "end", "status": …}``,
``{"do": "fail"}`` (the agent's phone is not picked up); or for the exchange: ``{"do": "drop"}`` all connections,
``{"do": "forget"}`` all calls, ``{"do": "refuse"}`` further calls, ``{"do": "wait"}`` until somebody listens.
"""

import json
import socket
import sys
import threading
import time


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def packed(**headers):
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


class Exchange:
    """Every channel has the key of its call as linked id; the agent's has it as unique id too."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.peers, self.listeners, self.calls = [], [], []
        self.refuses = False
        self.lock = threading.Lock()

    def serve(self):
        say(port=self.server.getsockname()[1])
        threading.Thread(target=self.obey, daemon=True).start()
        while True:
            peer, _address = self.server.accept()
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def obey(self):
        for line in sys.stdin:
            command = json.loads(line)
            self.act(command["do"], command)
            say(did=command["do"])
        self.server.close()

    def act(self, verb, command):
        if verb == "drop":
            self.listeners.clear()
            for peer in [*self.peers]:
                peer.shutdown(socket.SHUT_RDWR)
            return
        if verb == "wait":
            while not self.listeners:
                time.sleep(0.02)
            return
        if verb == "refuse":
            self.refuses = True
            return
        if verb == "forget":
            self.calls.clear()
            return
        key, action_id = command.get("key") or self.calls[-1][0], self.calls[-1][1] if self.calls else ""
        agent = {"Channel": "PJSIP/101-00000001", "Uniqueid": key, "Linkedid": key}
        customer = {"Channel": "PJSIP/trunk-00000002", "Uniqueid": "1772589600.2", "Linkedid": key}
        if verb == "ring":
            self.tell(Event="DialEnd", DestUniqueid=key, DestLinkedid=key, DialStatus="ANSWER")
            self.tell(Event="DialBegin", **agent, DestUniqueid=customer["Uniqueid"])
            self.tell(Event="DialState", **agent, DialStatus="RINGING")
        elif verb == "answer":
            self.tell(Event="DialEnd", **agent, DialStatus="ANSWER")
        elif verb == "end":
            self.tell(Event="DialEnd", **agent, DialStatus=command["status"])
            self.over(agent)
        elif verb == "fail":
            self.tell(
                Event="OriginateResponse", ActionID=action_id, Response="Failure", Reason=3, Uniqueid="<null>"
            )
            self.calls.pop()
        elif verb == "customer hangs up":
            self.tell(Event="HangupRequest", **customer)
            self.tell(Event="Hangup", **customer, Cause=16)
            self.over(agent)
        else:
            self.tell(Event="HangupRequest", **agent)
            self.tell(Event="Hangup", **customer, Cause=16)
            self.over(agent)

    def over(self, agent):
        self.tell(Event="Hangup", **agent, Cause=16)
        self.calls = [call for call in self.calls if call[0] != agent["Uniqueid"]]

    def tell(self, **event):
        event["Timestamp"] = f"{time.time():.6f}"
        with self.lock:
            for peer in [*self.listeners]:
                peer.sendall(packed(**event))

    def talk(self, peer):
        self.peers.append(peer)
        try:
            peer.sendall(b"Asterisk Call Manager/9.0.0\r\n")
            buffer = b""
            while data := peer.recv(4096):
                buffer += data
                while b"\r\n\r\n" in buffer:
                    raw, _mark, buffer = buffer.partition(b"\r\n\r\n")
                    lines = (line.partition(": ") for line in raw.decode().split("\r\n"))
                    self.answer(peer, {name: value for name, _colon, value in lines})
        except OSError:
            pass
        finally:
            self.peers.remove(peer)
            if peer in self.listeners:
                self.listeners.remove(peer)
                say(left=True)
            peer.close()

    def answer(self, peer, action):
        verb, mine = action["Action"], {"ActionID": action["ActionID"]}
        reply = {"Response": "Success", **mine, "Message": verb}
        after = []
        if verb == "Login":
            if action["Secret"] != "geheim":
                reply |= {"Response": "Error", "Message": "Authentication failed"}
            say(login=action["Username"], events=action["Events"], ok=reply["Response"] == "Success")
        elif verb == "Originate":
            if self.refuses:
                reply |= {"Response": "Error", "Message": "Extension does not exist."}
            else:
                self.calls.append((action["ChannelId"], action["ActionID"]))
            say(originate=action)
        elif verb == "Hangup":
            say(hangup=action["Channel"])
        elif verb == "CoreShowChannels":
            after = [
                packed(Event="CoreShowChannel", **mine, Uniqueid=key, Linkedid=key) for key, _id in self.calls
            ]
            after.append(packed(Event="CoreShowChannelsComplete", **mine))
        with self.lock:
            # An event of somebody else may stand between a question and its answer.
            peer.sendall(packed(Event="FullyBooted") + packed(**reply) + b"".join(after))
        if verb == "Login" and action["Events"] != "off" and reply["Response"] == "Success":
            self.listeners.append(peer)
        if verb == "Hangup" and self.calls:
            self.act("agent hangs up", {"key": self.calls[-1][0]})


if __name__ == "__main__":
    Exchange().serve()
