"""Mutants of the login: tokens that end, are replaced, rotate, and are shared."""

import asyncio
from typing import Any

from msgspec.structs import replace

from offhook_client.calls import Caller
from offhook_client.errors import LoginRefusedError, UnreachableError
from offhook_client.events import End, EventSocket
from offhook_client.http import Reply
from offhook_client.retry import Kind, Trouble
from offhook_client.tokens import Token, Tokens, _Granted
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.steps import (
    READ,
    TOKEN,
    answered,
    cut,
    expire,
    force,
    mute,
    news_garbled,
    plan,
    slow,
)
from offhook_scenarios.mutants.works import Works, swap
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"
_OWN = "our own"


class _OnlyRefreshes(Tokens):
    """As in a page: without a password at hand, a refresh that is refused ends the login."""

    async def _obtain(self, old: Token | None) -> _Granted:
        if old is None or old.refresh_token is None:
            return await super()._obtain(old)
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
        return await self._ask(Kind.REFRESH, form)


def no_refresh(works: Works) -> None:
    """A 401 is an error like any other, and the token stays."""

    class Keeps(Tokens):
        async def replace(self, generation: int) -> Token:
            raise LoginRefusedError(401, "bad.credentials", "The token has ended.")

        def _refresh_early(self) -> None:
            return

    swap(works.tokens, Keeps)


def refresh_race(works: Works) -> None:
    """Everybody who meets a 401 refreshes for himself, with the same refresh token."""

    class Races(_OnlyRefreshes):
        async def _fetch(self) -> Token:
            return await self._renew()

    swap(works.tokens, Races)


def rotation_ignored(works: Works) -> None:
    """The refresh token of the login is used for ever, though each refresh gives a new one."""

    class First(_OnlyRefreshes):
        _first: str | None = None

        async def _renew(self) -> Token:
            token = await super()._renew()
            self._first = self._first or token.refresh_token
            self._token = replace(token, refresh_token=self._first)
            return self._token

    swap(works.tokens, First)


def expired_token_kept(works: Works) -> None:
    """The refreshed token is fetched and put aside; requests go on with the old one."""

    class Aside(Caller):
        _first: Token | None = None

        async def attempt(self, *args: Any, **options: Any) -> Reply:
            self._first = self._first or await self.tokens.current()
            token, operation, method, path = self._first, *args
            headers = {**(options.get("headers") or {}), **token.headers}
            reply = await self.http.attempt(method, path, headers=headers, body=options.get("body"))
            if reply.trouble is Trouble.UNAUTHORIZED:
                self.http.note(operation, "refresh", reply.reason)
                await self.tokens.replace(token.generation)
                return replace(reply, trouble=Trouble.TRANSIENT)
            return reply

    swap(works.caller, Aside)


def token_captured(works: Works) -> None:
    """The socket is dialled with the token of its first dial for ever."""

    class Captures(EventSocket):
        _first: Token | None = None

        async def _dial(self, token: Token) -> End:
            self._first = self._first or token
            return await super()._dial(replace(self._first, generation=token.generation))

    works.sockets(Captures)


def refreshes_for_ever(works: Works) -> None:
    """A 401 is followed by a refresh and the request once more, and that by the same again."""

    class Hopes(Tokens):
        async def replace(self, generation: int) -> Token:
            token = self._token
            if token is None or token.generation > generation:
                return await self.current()
            return await self._fetch()

    class Dials(EventSocket):
        async def _once(self) -> bool:
            self._refused = 0
            return await super()._once()

    swap(works.tokens, Hopes)
    works.sockets(Dials)


def login_hammered(works: Works) -> None:
    """Retry-After is kept everywhere but at the token endpoint, which is asked again at once."""

    class Hammers(Tokens):
        async def _persist(self, kind: Kind, *args: str, **options: Any) -> Reply:
            while True:
                reply = await self._http.attempt(*args, **options)
                if reply.trouble is None:
                    return reply
                if reply.trouble is not Trouble.THROTTLED:
                    raise UnreachableError("The token endpoint gave no good answer.")
                await asyncio.sleep(0.5)

    swap(works.tokens, Hammers)


MUTANTS = (
    Mutant(
        name="no_refresh",
        bug="a 401 is an error like any other, and no new token is fetched",
        ports=_STUDY,
        patch=no_refresh,
        caught_by=(Invariant.I1, Invariant.I9, Invariant.I12),
        plan=plan(expire(1)),
    ),
    Mutant(
        name="refresh_race",
        bug="everybody who meets a 401 refreshes for himself, and a rotated token is used twice",
        ports=_STUDY,
        patch=refresh_race,
        caught_by=(Invariant.I1, Invariant.I9),
        plan=plan(slow(1, TOKEN, 1), expire(1), mute(1)),
    ),
    Mutant(
        name="rotation_ignored",
        bug="the first refresh token is used again though each refresh gives a new one",
        ports=_OWN,
        patch=rotation_ignored,
        caught_by=(Invariant.I1, Invariant.I9),
        plan=plan(expire(1), expire(5)),
    ),
    Mutant(
        name="expired_token_kept",
        bug="a new token is fetched, and requests go on with the old one",
        ports="sailpoint-oss/python-sdk: the SDK keeps sending an expired token",
        link="https://github.com/sailpoint-oss/python-sdk/issues/59",
        patch=expired_token_kept,
        caught_by=(Invariant.I1, Invariant.I9),
        plan=plan(expire(1), news_garbled(3), force(3.1, muted=True)),
    ),
    Mutant(
        name="token_captured",
        bug="a closure keeps the first token, and every socket is dialled with it",
        ports="a habit of the browser: the stale closure",
        patch=token_captured,
        caught_by=(Invariant.I1,),
        plan=plan(expire(1)),
    ),
    Mutant(
        name="refreshes_for_ever",
        bug="a 401 is followed by a refresh and the same request, however often",
        ports="observed of the official Python SDK 269.0.0, against a mock",
        patch=refreshes_for_ever,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, READ, 401, times=None), cut(1)),
    ),
    Mutant(
        name="login_hammered",
        bug="a 429 of the token endpoint is tried again at once, whatever its Retry-After says",
        ports=_OWN,
        patch=login_hammered,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, TOKEN, 429, retry_after_s=30), expire(1), mute(1.1)),
    ),
)
