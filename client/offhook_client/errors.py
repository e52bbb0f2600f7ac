"""What the client raises.

The tree:

* `ClientError`
    * `Refused`: the server said no, and asking again would not help
        * `Forced`: an administrator has locked the mute
        * `LoginRefused`: the token endpoint said no; somebody must log in again
    * `Unreachable`: no good answer in the attempts or the time allowed
        * `TooLate`: the server asks for a longer wait than the caller has
    * `Overtaken`: somebody else set mute after this wish, so this wish no longer counts
    * `MuteConflict`: something keeps undoing the mute; the client has stopped fighting it
    * `Replaced`: another device socket took this desk's place
    * `Closed`: the desk was closed while the wish was pending

Whatever is raised while muting, the gate is cut already.
"""


class ClientError(Exception):
    """The root of all errors that this client raises on purpose."""


class Refused(ClientError):
    """A final refusal, in the server's words."""

    def __init__(self, status: int, code: str, message: str, context_id: str = "") -> None:
        tail = f" (correlation id {context_id})" if context_id else ""
        super().__init__(f"{status} {code}: {message}{tail}")
        self.status = status
        self.code = code
        self.message = message
        self.context_id = context_id


class Forced(Refused):
    """403 `forced`: the mute is locked, and the desk now wants what the administrator wants."""


class LoginRefused(Refused):
    """The token endpoint refused, or the server refuses a token it has just given."""


class Unreachable(ClientError):
    """The attempts or the caller's time ran out. The decision log tells what was tried."""


class TooLate(Unreachable):
    """The earliest useful retry lies beyond the caller's deadline, so it is told at once.

    `retry_in_s`: seconds from now after which trying again makes sense.
    """

    def __init__(self, message: str, *, retry_in_s: float) -> None:
        super().__init__(message)
        self.retry_in_s = retry_in_s


class Overtaken(ClientError):
    """A later wish, of this person or of somebody else, took this one's place."""


class MuteConflict(ClientError):
    """The mute was undone again and again. The gate stays cut; the server may be live."""


class Replaced(ClientError):
    """Close code 4409: another `device` socket of this device exists now."""


class Closed(ClientError):
    """`close()` was called before the wish was confirmed."""
