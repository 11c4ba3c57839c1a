"""A telephone or softphone of the agent's own: the page opens a link, the agent's keys time the call."""

from callbacks.telephony.port import NotPlaced, Telephony


class Manual(Telephony):
    """Places nothing itself and has nothing to end."""

    def place(self, attempt, *, extension):
        raise NotPlaced("dialled by hand")

    def release(self, attempt):
        return None
