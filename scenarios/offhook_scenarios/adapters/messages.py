"""The adapter protocol, version 1: all that harness and client may say to each other. Pure.

    client ─▶ harness   hello · belief · done
    harness ─▶ client   start · set_mute · observe · restart · advance · stop

One JSON object a line, over the standard streams of a process; or a text frame, over a
WebSocket. Its member `offhook` names the message. A line without it is the client's log.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from offhook_scenarios.adapters.adapter import Ability, Ending, Gate, Restart, Shown, Version

LINE_MAX = 65_536
"""A line or frame longer than this is no message, in bytes."""
_QUOTED_MAX = 200

Id = Annotated[int, Meta(ge=1, description="number of the command, given back in its `done`")]
_Text = Annotated[str, Meta(max_length=200)]


class MessageError(Exception):
    """A message that is none of the protocol's; the text says what is wrong with which line."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="offhook", rename="camel"):
    """The root of all messages."""


class _FromClient(_Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read strictly: a word that is not understood would be a change that is not judged."""


class Hello(_FromClient, frozen=True, kw_only=True, tag="hello"):
    """The first message, within ten seconds: who the client is, and what it can do."""

    protocol: Literal[1]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    version: _Text = ""
    dialect: Literal["tutorial", "platform"]
    """Whose API the client speaks: what is put there for it to find, and which faults bite."""
    can: tuple[Ability, ...] = (Ability.SET_MUTE,)
    """What is not in it is not asked for and not judged."""
    clock: Literal["own", "shared"] = "own"
    """`shared`: the client's time passes by `advance` alone."""


class Said(_FromClient, frozen=True, kw_only=True, tag="belief"):
    """What the person at the client sees from now on. Said on every change."""

    shown: Shown
    gate: Gate = Gate.UNKNOWN
    call: str | None = None
    """The device or call it is about, by the server's id. The last belief counts, whatever its
    call."""
    version: Version | None = None
    """`epoch` and `rev` of the state that it rests on, where the dialect has them."""


class Done(_FromClient, frozen=True, kw_only=True, tag="done"):
    """A command is done with, well or not."""

    id: Id
    error: str | None = None
    """Why it failed. Of `start` it ends the run; of others it is a line in the log."""
    ending: Ending | None = None
    """Of `set_mute`: what the client told the person; null when it says nothing."""


FromClient = Hello | Said | Done


class _Command(_Message, frozen=True, kw_only=True):
    id: Id


class Credentials(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """With what the client logs in, by whatever grant it uses."""

    password: str
    client_id: str
    client_secret: str


class Start(_Command, frozen=True, kw_only=True, tag="start"):
    """Log in and show the microphone. `done` when it is shown."""

    api: str
    """Origin of the API, `http://host:port`; events come from the same port."""
    login: str
    """Origin of the login, as `api`."""
    user: str
    credentials: Credentials
    device: str
    """The `deviceId` under which a client of the tutorial's dialect opens its device."""
    seed: int
    """For whatever the client draws by chance."""


class SetMute(_Command, frozen=True, kw_only=True, tag="set_mute"):
    """A person presses the button. `done` when the client is done with it, however it ended."""

    muted: bool


class Observe(_Command, frozen=True, kw_only=True, tag="observe"):
    """Say the belief of this moment, then `done`."""


class RestartNow(_Command, frozen=True, kw_only=True, tag="restart"):
    """Restart in a way that `can` names. `done` when the microphone is shown again."""

    kind: Restart
    lasts_s: float
    """Be gone, or asleep, for so long."""


class Advance(_Command, frozen=True, kw_only=True, tag="advance"):
    """Let time pass, for `clock: shared` only. `done` when all that was due has run."""

    seconds: Annotated[float, Meta(gt=0)]


class Stop(_Command, frozen=True, kw_only=True, tag="stop"):
    """Close everything and end. A client that does not is killed after two seconds."""


ToClient = Start | SetMute | Observe | RestartNow | Advance | Stop

_WORDS = ("hello", "belief", "done")
_decoder: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)


class _Tagged(msgspec.Struct):
    offhook: msgspec.Raw = msgspec.Raw()


_tagged = msgspec.json.Decoder(_Tagged)


def read(line: bytes) -> FromClient | None:
    """The message in a line or frame; None when it is none, but the client's log.

    Raises `MessageError` for a line that means to be a message and is not.
    """
    if b'"offhook"' not in line or len(line) > LINE_MAX:
        return None
    try:
        tag = bytes(_tagged.decode(line).offhook)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not tag:
        return None
    try:
        return _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        quoted = line[:_QUOTED_MAX].decode("utf-8", "replace")
        if tag.decode("utf-8", "replace").strip('"') not in _WORDS:
            raise MessageError(
                f"A client says {', '.join(_WORDS)}, and this is none of them: {quoted}"
            ) from error
        raise MessageError(f"{str(error).rstrip('.')}: {quoted}") from error


def written(command: ToClient) -> bytes:
    """A command as one line, without the line's end."""
    return msgspec.json.encode(command)


def adapter_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of every message, in both directions."""
    kinds = (FromClient, ToClient)
    (client, harness), parts = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Offhook adapter protocol, version 1",
        "anyOf": [{"$ref": "#/$defs/FromClient"}, {"$ref": "#/$defs/ToClient"}],
        "$defs": {"FromClient": client, "ToClient": harness, **parts},
    }
