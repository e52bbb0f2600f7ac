"""A stream of bytes cut into lines, none longer than is held. Pure."""

from collections.abc import Iterator

from offhook_scenarios.adapters.messages import LINE_MAX


class Lines:
    """Fed with bytes as they come; gives lines without their ends.

    Of a line longer than `LINE_MAX` the first `LINE_MAX + 1` bytes are kept, so that whoever
    reads it can tell, and the rest is thrown away as it comes.
    """

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that end in `data`."""
        *ended, rest = data.split(b"\n")
        for part in ended:
            self._hold(part)
            yield self._take()
        self._hold(rest)

    def end(self) -> bytes:
        """What came after the last line's end; empty when nothing did."""
        return self._take()

    def _hold(self, part: bytes) -> None:
        self._held += part[: LINE_MAX + 1 - len(self._held)]

    def _take(self) -> bytes:
        line = bytes(self._held).removesuffix(b"\r")
        self._held.clear()
        return line
