"""The microphone gate: the part of the promise that needs no network.

It is cut whenever muted is desired, and opens only when live is desired and confirmed.
`offhook_client.protocol` decides; this object carries it out on the local track.
"""

from collections.abc import Callable

from offhook_client.models import Gate
from offhook_client.observers import Observers


class MicrophoneGate:
    """Holds the local track. It starts cut: nothing is heard before something is known.

    `carry_out` is called with the new position on each change, before anything is sent to
    the server. It must not block and must not raise: it is what stands between a person and
    being overheard. If it raises all the same, the loop's exception handler is told, and the
    server is told to mute as ever.
    """

    def __init__(self, carry_out: Callable[[Gate], None] | None = None) -> None:
        self._observers = Observers[Gate]()
        if carry_out is not None:
            self._observers.add(carry_out)
        self.position = Gate.CUT

    def move(self, position: Gate) -> None:
        """Cut or open. Moving to where it stands already does nothing."""
        if position is self.position:
            return
        self.position = position
        self._observers.tell(position)
