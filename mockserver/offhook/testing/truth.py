"""Whether a screen tells the truth about the microphone: beliefs in, findings out.

The judge lives in `offhook_scenarios`, which `offhook` never imports; it is loaded by name
when a test first says what its client believes.
"""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from offhook.server import MockServer
from offhook.testing.findings import Finding, UntruthError

WITNESS = "offhook_scenarios.witness:Witness"
"""Where the witness is; not imported yet."""
PAGE = "offhook_scenarios.report.picture:page"
"""Where the page of its pictures is made."""

Belief = bool | str | None
"""What a screen says: True or "muted", False or "live", "muting", "unmuting", None or "unknown"."""

BeliefSource = Callable[[], Belief]


def read_screen(source: BeliefSource) -> Belief:
    """What the screen says now. Raises `TypeError` for what reads none."""
    if not callable(source):
        raise TypeError(
            "assert_truthful takes a callable that reads the screen, as in lambda: desk.shows, "
            f"and not {source!r}: to say once what is shown there is believes({source!r})."
        )
    shown: object = source()
    if inspect.iscoroutine(shown):
        shown.close()
        raise TypeError(
            "assert_truthful takes a plain function that reads the screen, and not an async one."
        )
    return cast("Belief", shown)


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

    def demand(self, within_s: float, *more: str) -> None:
        """Raises `UntruthError`, with `more` lines of explanation, unless every screen is true."""
        found = {witness: witness.findings(within_s) for witness in self._by_user.values()}
        told = [witness.story(each) for witness, each in found.items() if each]
        if told:
            findings: tuple[Finding, ...] = sum(found.values(), ())
            raise UntruthError("\n".join([*told, *more]), findings)

    def timeline(self, title: str, within_s: float) -> bytes:
        """What was shown and what was so, as an HTML page; empty when nothing was said."""
        if not self._by_user:
            return b""
        module, _, attribute = PAGE.partition(":")
        histories = [witness.history() for witness in self._by_user.values()]
        page: str = getattr(import_module(module), attribute)(
            title, [], histories, budget_s=within_s
        )
        return page.encode()
