"""What the client raises.

The tree:

* `ClientError`
    * `RefusedError`: the server said no, and asking again would not help
        * `ForcedError`: an administrator has locked the mute
        * `LoginRefusedError`: the token endpoint said no; somebody must log in again
    * `UnreachableError`: no good answer in the attempts or the time allowed
        * `TooLateError`: the server asks for a longer wait than the caller has
    * `OvertakenError`: somebody else set mute after this wish, so this wish no longer counts
        * `SupersededError`: the same person wished anew
    * `MuteConflictError`: something keeps undoing the mute; the client has stopped fighting it
    * `ReplacedError`: another device socket took this desk's place
    * `ClosedError`: the desk was closed while the wish was pending

Whatever is raised while muting, the gate is cut already.
"""


class ClientError(Exception):
    """The root of all errors that this client raises on purpose."""


class RefusedError(ClientError):
    """A final refusal, in the server's words."""

    def __init__(self, status: int, code: str, message: str, context_id: str = "") -> None:
        tail = f" (correlation id {context_id})" if context_id else ""
        super().__init__(f"{status} {code}: {message}{tail}")
        self.status = status
        self.code = code
        self.message = message
        self.context_id = context_id


class ForcedError(RefusedError):
    """403 `forced`: the mute is locked, and the desk now wants what the administrator wants."""


class LoginRefusedError(RefusedError):
    """The token endpoint refused, or the server refuses a token it has just given."""


class UnreachableError(ClientError):
    """The attempts or the caller's time ran out. The decision log tells what was tried."""


class TooLateError(UnreachableError):
    """The earliest useful retry lies beyond the caller's deadline, so it is told at once.

    `retry_in_s`: seconds from now after which trying again makes sense.
    """

    def __init__(self, message: str, *, retry_in_s: float) -> None:
        super().__init__(message)
        self.retry_in_s = retry_in_s


class OvertakenError(ClientError):
    """A later wish, of this person or of somebody else, took this one's place."""


class SupersededError(OvertakenError):
    """It was this person's own."""


class MuteConflictError(ClientError):
    """The mute was undone again and again. The gate stays cut; the server may be live."""


class ReplacedError(ClientError):
    """Close code 4409: another `device` socket of this device exists now."""


class ClosedError(ClientError):
    """`close()` was called before the wish was confirmed."""
