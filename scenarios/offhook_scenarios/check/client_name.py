"""What a client is called on the command line: where it lives, and that there is none."""

from offhook.domain.errors import OffhookError

KINDS = ("stdio", "ws", "browser")
"""How a guest is reached: the word before the colon."""


class NoClientError(OffhookError):
    """There is no such client; the message says what was looked for, and where."""


def is_guest(client: str) -> bool:
    """Whether the client is outside this process, where time is the wall's."""
    return client.partition(":")[0] in KINDS
