"""Whether a screen tells the truth about the microphone: beliefs in, findings out.

The judge lives in `offhook_scenarios`, which `offhook` never imports; it is loaded by name
when a test first says what its client believes.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from offhook.server import MockServer

WITNESS = "offhook_scenarios.witness:Witness"
"""Where the witness is; not imported yet."""

Belief = bool | str | None
"""What a screen says: True or "muted", False or "live", "muting", "unmuting", None or "unknown"."""

BeliefSource = Callable[[], Belief]


class Witnesses:
    """One witness for each user whose client has said something."""

    def __init__(self) -> None:
        self._by_user: dict[str, Any] = {}

    def tell(self, server: MockServer, belief: Belief, *, gate: str, user: str | None) -> None:
        """The user's client believes this from now on. Raises `ValueError` for an unknown word."""
        name = user or server.settings.default_user or server.settings.users[0].username
        if name not in self._by_user:
            if server.org.find_user(name) is None:
                raise ValueError(f"The org has no user {name!r}.")
            module, _, attribute = WITNESS.partition(":")
            self._by_user[name] = getattr(import_module(module), attribute)(server, username=name)
        self._by_user[name].tell(belief, gate=gate)

    def wrong_now(self) -> bool:
        """Whether some screen is wrong at this moment. Raises `ValueError` if there is none."""
        if not self._by_user:
            raise ValueError(
                "Nobody has said what the client shows: call believes(…) when it changes, or give "
                "assert_truthful a callable that reads it."
            )
        return any(witness.wrong_now() for witness in self._by_user.values())

    def findings(self, within_s: float) -> str:
        """What is untrue, for people; empty when every screen told the truth."""
        found = (witness.findings(within_s) for witness in self._by_user.values())
        return "\n".join(text for text in found if text)
