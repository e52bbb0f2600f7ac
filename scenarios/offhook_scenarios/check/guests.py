"""Guests by name: clients outside this process, as `--client` says them."""

import contextlib
import os
import shlex
from collections.abc import Callable, Iterator

import msgspec

from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.adapters.browser import BrowserPage, Page
from offhook_scenarios.adapters.chromium import Chromium
from offhook_scenarios.adapters.dialled import address, awaited, listening, started
from offhook_scenarios.adapters.guest import MakeGuest
from offhook_scenarios.adapters.link import LinkError, OpenLink
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.plan.floor import MakeClient

_FORMS = 'stdio:"node my_desk.js", ws, ws:PORT, ws:"./my_desk" or browser:URL'
_PORT_MAX = 65_535


class Guests(msgspec.Struct, frozen=True, kw_only=True):
    """What makes guests."""

    make: MakeGuest
    at_once: int | None = None
    """How many there can be at one time; None: as many as one likes."""
    dial: str | None = None
    """Where the client must dial; None when we start it ourselves."""


@contextlib.contextmanager
def guests(name: str, page: Page | None = None) -> Iterator[Guests]:
    """The guests of this name, for as long as it is entered. `page` is for a browser's alone.

    Raises `NoClientError` and `LinkError`.
    """
    kind, _, rest = name.partition(":")
    if kind == "browser":
        if page is None or not rest:
            raise NoClientError(
                "A page needs browser:URL, --mute SELECTOR and --muted-when SELECTOR."
            )
        yield _pages(msgspec.structs.replace(page, url=rest))
        return
    if page is not None:
        raise NoClientError(f"A client by {kind} is no page, and has no selectors.")
    if kind == "ws" and (not rest or rest.isdigit()):
        if int(rest or 0) > _PORT_MAX:
            raise NoClientError(f"{rest} is no port: they end at {_PORT_MAX}.")
        with listening(int(rest or 0)) as door:
            there = address(door)
            make = _remote(awaited(door), f"The client that dials {there}", owned=False)
            yield Guests(make=make, at_once=1, dial=there)
        return
    words = _words(name, rest)
    yield Guests(make=_remote(stdio(words) if kind == "stdio" else started(words), words[0]))


class PlanGuest(RemoteClient):
    """A guest in a plan. Plans speak of the operations of the tutorial's dialect."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """As every guest does. Raises `LinkError` for one of the platform's dialect too."""
        if (await self.greet()).dialect != "tutorial":
            raise LinkError(
                f"{self.name} speaks the platform's dialect, and plans the tutorial's: it plays "
                "the named sessions, without --seeds."
            )
        await super().start(config, tell)


def find_guest(name: str) -> MakeClient:
    """What makes guests of this name for plans. Raises `NoClientError` and `LinkError`."""
    kind, _, rest = name.partition(":")
    if kind == "browser" or (kind == "ws" and (not rest or rest.isdigit())):
        raise NoClientError(
            f"Generated sessions are for stdio:COMMAND and ws:COMMAND; {kind} plays the named ones."
        )
    words = _words(name, rest)
    open_link = stdio(words) if kind == "stdio" else started(words)
    return lambda seed: PlanGuest(open_link, name=words[0], seed=seed)


def _remote(open_link: OpenLink, name: str, *, owned: bool = True) -> MakeGuest:
    return lambda seed: RemoteClient(open_link, name=name, seed=seed, owned=owned)


def _pages(page: Page) -> Guests:
    if not page.instead_of and "{api}" not in page.url:
        raise NoClientError(
            "The page must reach the mock: put {api} into its URL, where it reads the address of "
            "the API, or name the origin it asks with --instead-of."
        )
    chromium: list[Chromium] = []

    def make(_seed: int) -> BrowserPage:
        # Of the loop that first asks: a browser's reins belong to one.
        if not chromium:
            chromium.append(Chromium())
        return BrowserPage(page, chromium[0])

    return Guests(make=make)


def _words(name: str, command: str) -> list[str]:
    """A command line in words, as this system's shell would have them."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError as error:
        raise NoClientError(f"The command in {name!r} cannot be read: {error}.") from error
    if not words:
        raise NoClientError(f"{name!r} names no command: it is {_FORMS}.")
    return words
