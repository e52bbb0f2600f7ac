"""The two WebSocket frames that a server writes by itself (RFC 6455 §5.2): text and close.

aiohttp's writer is asynchronous and builds a frame per socket; an event that goes to many
sockets is framed once here, and written to each transport.
"""

from functools import lru_cache

_FIN_TEXT = 0x81
_FIN_CLOSE = 0x88
_SHORT = 125
_MEDIUM = 0xFFFF
_MOST_OF_A_REASON = 123


@lru_cache(maxsize=64)
def text_frame(payload: bytes) -> bytes:
    """One unmasked text frame. Remembers the last ones, so that sockets share the bytes."""
    size = len(payload)
    if size <= _SHORT:
        return bytes((_FIN_TEXT, size)) + payload
    if size <= _MEDIUM:
        return bytes((_FIN_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN_TEXT, 127)) + size.to_bytes(8, "big") + payload


def close_frame(code: int, reason: str) -> bytes:
    """A close frame. `reason` is cut to what a control frame holds (§5.5), between characters."""
    text = reason.encode()[:_MOST_OF_A_REASON].decode(errors="ignore").encode()
    return bytes((_FIN_CLOSE, 2 + len(text))) + code.to_bytes(2, "big") + text
