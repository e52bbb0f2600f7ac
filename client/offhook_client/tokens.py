"""Tokens: how a desk comes by them, and keeps them fresh.

One refresh serves everybody who needs one: with rotating refresh tokens a second one at the
same time would look like theft and cost the whole family. Secrets never appear in a `repr`, in
the decision log or in an error.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import msgspec

from offhook_client.errors import LoginRefusedError, UnreachableError
from offhook_client.http import Http, Reply
from offhook_client.models import UNREADABLE
from offhook_client.retry import TABLE, Action, Kind, backoff

SUBJECT = "tokens"
_GATE = ("", "oauth")
_FOUND = 302
_OUT = 2
"""So many strikes end a login."""
JUST_GIVEN_S = 1.0
"""A token that is refused later than this after it was granted was not refused as it came: the
server may have restarted meanwhile, and forgotten it."""

SHORT_LIVED_S = 5.0
"""Sooner than this after its grant, a token that is refused though it was taken costs a pause."""


class _Secretive(msgspec.Struct, frozen=True, kw_only=True):
    """Shows its type only, so that no log can show more."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class GivenToken(_Secretive, frozen=True, kw_only=True):
    """A token from elsewhere. Nobody can refresh it: its end is `LoginRefusedError`."""

    access_token: str


class PasswordGrant(_Secretive, frozen=True, kw_only=True):
    """Resource owner password (RFC 6749 §4.3). Deprecated; here because the tutorial uses it."""

    username: str
    password: str
    client_id: str = "offhook-server"
    client_secret: str | None = None


class CodeGrant(_Secretive, frozen=True, kw_only=True):
    """Authorization code with PKCE S256 (RFC 7636), over the mock's no-page mode.

    With `code` and `verifier` a code that was obtained elsewhere is exchanged, once.
    """

    client_id: str = "offhook-desktop"
    client_secret: str | None = None
    redirect_uri: str = "http://127.0.0.1/callback"
    login_hint: str | None = None
    code: str | None = None
    verifier: str | None = None


class ServiceGrant(_Secretive, frozen=True, kw_only=True):
    """Client credentials (RFC 6749 §4.4). Such a token acts for nobody and cannot mute."""

    client_id: str
    client_secret: str


Grant = GivenToken | PasswordGrant | CodeGrant | ServiceGrant


class Token(_Secretive, frozen=True, kw_only=True):
    """An access token. Times are the loop's; `generation` rises with each new one, from 1."""

    access_token: str
    generation: int
    refresh_token: str | None = None
    expires_at: float | None = None
    granted_at: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        """What a request is sent with."""
        return {"Authorization": f"Bearer {self.access_token}"}


class _Granted(_Secretive, frozen=True, kw_only=True):
    access_token: str
    expires_in: float | None = None
    refresh_in: float | None = None
    refresh_token: str | None = None


class Tokens:
    """The current token of one account. `on_new` is called with each token after the first."""

    def __init__(self, http: Http, grant: Grant) -> None:
        self._http = http
        self._grant = grant
        self._token: Token | None = None
        self._proved = 0
        """The newest generation that the API has taken."""
        self._strikes = 0
        """Tokens in a row that were refused before they were ever taken."""
        self._struck = 0
        """The generation of the last of them."""
        self._short_lived = 0
        """Tokens in a row that were taken, and refused soon after."""
        self._fetching: asyncio.Task[Token] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._spent = False
        """The given code was sent: it must never be sent again."""
        self.on_new: list[Callable[[Token], None]] = []

    @property
    def generation(self) -> int:
        """Of the newest token; 0 before the first."""
        return 0 if self._token is None else self._token.generation

    async def current(self) -> Token:
        """A token to send. Waits only when there is none that is still good."""
        token = self._token
        if token is not None and not self._expired(token):
            return token
        return await self._fetch()

    async def replace(self, generation: int) -> Token:
        """A token newer than `generation`, which was answered 401.

        A refreshed token that is refused as it comes is followed by a new login; if that one is
        refused as well, `LoginRefusedError` is raised: a server that refuses what it has just
        given would be asked for ever.
        """
        token = self._token
        if token is None or token.generation > generation:
            return await self.current()
        if generation <= self._proved or self._http.now() > token.granted_at + JUST_GIVEN_S:
            self._strikes = 0
        elif generation != self._struck:
            self._struck = generation
            self._strikes += 1
            if self._strikes == _OUT:
                raise LoginRefusedError(401, "bad.credentials", "A fresh token was refused.")
            if generation > 1:
                self._token = msgspec.structs.replace(token, refresh_token=None)
        await self._pace(token)
        return await self.current() if self.generation > generation else await self._fetch()

    async def _pace(self, token: Token) -> None:
        """Wait, longer each time, where one token after the other is refused soon after its grant.

        A server that takes them for one thing and refuses them for another would be asked for new
        ones in a circle.
        """
        http, options = self._http, self._http.options
        if http.now() > token.granted_at + SHORT_LIVED_S:
            self._short_lived = 0
            return
        if token.generation > self._proved:
            return
        self._short_lived += 1
        base_s, cap_s = options.backoff_base_s, options.backoff_cap_s
        wait_s = backoff(self._short_lived, http.rng, base_s=base_s, cap_s=cap_s)
        http.note(SUBJECT, "wait", "refused soon after it was taken", wait_s=wait_s)
        await asyncio.sleep(wait_s)

    def proved(self, generation: int) -> None:
        """The API took this token: a later 401 means that it has ended since."""
        self._proved = max(self._proved, generation)

    def close(self) -> None:
        """Stop refreshing."""
        if self._timer is not None:
            self._timer.cancel()
        if self._fetching is not None:
            self._fetching.cancel()

    def _expired(self, token: Token) -> bool:
        return token.expires_at is not None and self._http.now() >= token.expires_at

    async def _fetch(self) -> Token:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._renew(), name="offhook tokens")
            self._fetching.add_done_callback(_heard)
        # Shielded: whoever waits may give up, the others still want the token.
        return await asyncio.shield(self._fetching)

    def _refresh_early(self) -> None:
        if self._fetching is None or self._fetching.done():
            self._http.note(SUBJECT, "refresh", "due")
            self._fetching = asyncio.create_task(self._renew(), name="offhook tokens")
            self._fetching.add_done_callback(_heard)

    async def _renew(self) -> Token:
        old = self._token
        granted = await self._obtain(old)
        now, options = self._http.now(), self._http.options
        refresh_token = granted.refresh_token
        if refresh_token is None and old is not None:
            refresh_token = old.refresh_token
        token = Token(
            access_token=granted.access_token,
            generation=1 if old is None else old.generation + 1,
            refresh_token=refresh_token,
            expires_at=None if granted.expires_in is None else now + granted.expires_in,
            granted_at=now,
        )
        self._token = token
        if granted.expires_in is not None:
            share = options.refresh_at - self._http.rng.uniform(0.0, options.refresh_jitter)
            in_s = granted.expires_in * share
            if granted.refresh_in is not None:
                in_s = min(in_s, granted.refresh_in)
            if self._timer is not None:
                self._timer.cancel()
            # A token that ends at once must not be asked for in a circle.
            in_s = max(in_s, options.backoff_base_s)
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(in_s, self._refresh_early)
        if old is not None:
            for observer in tuple(self.on_new):
                observer(token)
        return token

    async def _obtain(self, old: Token | None) -> _Granted:
        grant = self._grant
        if isinstance(grant, GivenToken):
            if old is not None:
                raise LoginRefusedError(401, "bad.credentials", "The given token has ended.")
            return _Granted(access_token=grant.access_token)
        if old is not None and old.refresh_token is not None:
            form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
            try:
                return await self._ask(Kind.REFRESH, form)
            except (LoginRefusedError, UnreachableError) as error:
                if isinstance(grant, CodeGrant) and grant.code is not None:
                    raise
                self._http.note(SUBJECT, "log in again", type(error).__name__)
        match grant:
            case PasswordGrant():
                form = {"grant_type": "password"}
                form |= {"username": grant.username, "password": grant.password}
                return await self._ask(Kind.LOGIN, form)
            case ServiceGrant():
                return await self._ask(Kind.LOGIN, {"grant_type": "client_credentials"})
            case CodeGrant():
                return await self._exchange(grant)

    async def _exchange(self, grant: CodeGrant) -> _Granted:
        """Get a code, unless one was given, and exchange it: never twice the same."""
        code, verifier = grant.code, grant.verifier
        if code is not None and self._spent:
            raise LoginRefusedError(401, "login.required", "The given code has been used.")
        if code is None or verifier is None:
            verifier = base64.urlsafe_b64encode(self._http.rng.randbytes(32)).decode().rstrip("=")
            code = await self._authorize(grant, verifier)
        self._spent = True
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return await self._ask(Kind.CODE, form | {"redirect_uri": grant.redirect_uri})

    async def _authorize(self, grant: CodeGrant, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        state = base64.urlsafe_b64encode(self._http.rng.randbytes(12)).decode()
        query = {
            "response_type": "code",
            "client_id": grant.client_id,
            "redirect_uri": grant.redirect_uri,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "state": state,
        }
        if grant.login_hint is not None:
            query["login_hint"] = grant.login_hint
        path = f"/oauth/authorize?{urlencode(query)}"
        reply = await self._persist(Kind.READ, "GET", path, headers={}, body=None)
        if reply.status != _FOUND:
            raise LoginRefusedError(
                reply.status, "login.required", "The authorization endpoint did not redirect."
            )
        answer = parse_qs(urlsplit(reply.headers.get("Location", "")).query)
        if answer.get("state") != [state] or "code" not in answer:
            error = answer.get("error", ["no code, or the state of another request"])[0]
            raise LoginRefusedError(400, error, "The authorization endpoint gave no code.")
        return answer["code"][0]

    async def _ask(self, kind: Kind, form: Mapping[str, str]) -> _Granted:
        grant = self._grant
        assert not isinstance(grant, GivenToken)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        fields = dict(form)
        if grant.client_secret is not None:
            # RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic.
            pair = f"{quote_plus(grant.client_id)}:{quote_plus(grant.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            fields["client_id"] = grant.client_id
        body = urlencode(fields).encode()
        reply = await self._persist(kind, "POST", "/oauth/token", headers=headers, body=body)
        try:
            return msgspec.json.decode(reply.body, type=_Granted)
        except UNREADABLE:
            raise LoginRefusedError(
                reply.status, "bad.answer", "The token endpoint's answer is not a token."
            ) from None

    async def _persist(
        self,
        kind: Kind,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Reply:
        http = self._http
        deadline = http.now() + http.options.background_deadline_s
        repeated = False
        http.budget.deposit(now=http.now())
        for attempt in range(1, http.options.attempts + 1):
            await http.pass_gate(_GATE, subject=SUBJECT, deadline=deadline)
            reply = await http.attempt(method, path, headers=headers, body=body)
            if reply.trouble is None:
                http.cooldown.admitted(_GATE)
                return reply
            action = TABLE[reply.trouble, kind]
            if action is Action.COOL_DOWN:
                http.cool_down(_GATE, reply)
            elif action is Action.RETRY and attempt < http.options.attempts:
                await http.pause(
                    reply, subject=SUBJECT, action=action, attempt=attempt, deadline=deadline
                )
            elif action is Action.REPEAT_ONCE and not repeated:
                repeated = True
                http.note(SUBJECT, action, reply.reason, attempt=attempt)
            elif reply.status:
                refusal = reply.error()
                raise LoginRefusedError(refusal.status, refusal.code, refusal.message)
            else:
                break
        raise UnreachableError(f"The token endpoint gave no good answer: {reply.reason}.")


def _heard(task: asyncio.Task[Token]) -> None:
    """An early refresh that failed is found again by whoever needs a token next."""
    if not task.cancelled():
        task.exception()
