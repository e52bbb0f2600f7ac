"""The tutorial's names, in Python, on the machinery of this client.

Names follow the tutorial, in snake case: `PlatformClient`, `auth_client`, `web_rtc_api`,
`get_web_rtc_client`, `post_web_rtc_client_mute`, `delete_web_rtc_client`, and
`client.on("muteChanged", …)`. What differs: calls are awaited, a mute that returns is confirmed,
and after a reconnect the client looks and mends by itself. There are no globals:
each `PlatformClient()` stands alone, and is closed by `async with` or `aclose`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from offhook_client.aio import Account
from offhook_client.desk import Desk
from offhook_client.models import Frame
from offhook_client.tokens import CodeGrant, Grant, PasswordGrant, ServiceGrant

EVENTS = frozenset({"muteChanged", "connectionStatusChanged", "audioLevelChanged"})


class WebRtcClient:
    """The tutorial's `WebRtcClient`: what was read, kept up to date, and its events."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._level = 0.0
        self.on("audioLevelChanged", self._take_level)

    @property
    def id(self) -> str | None:
        """The WebRTC client's id; another one once the session had to be established anew."""
        return self._desk.belief.client_id

    @property
    def connection_status(self) -> str | None:
        """As last heard; None while nobody can tell."""
        return self._desk.belief.status

    @property
    def muted(self) -> bool | None:
        """What the server last said; `desk.shown` also tells whether that still holds."""
        return self._desk.belief.observed

    @property
    def audio_level(self) -> float:
        """The latest sample, 0.0 to 1.0."""
        return self._level

    @property
    def desk(self) -> Desk:
        """What the tutorial has no name for: beliefs, the gate, troubles."""
        return self._desk

    def on(self, event: str, listener: Callable[[Frame], Any]) -> Callable[[], None]:
        """Call `listener` with each event of this type. Returns what takes it off again.

        Raises `ValueError` for an event that the tutorial does not name.
        """
        if event not in EVENTS:
            raise ValueError(f"There is no event {event!r}. Events: {', '.join(sorted(EVENTS))}.")
        return self._desk.on_frame(lambda frame: listener(frame) if frame.type == event else None)

    def _take_level(self, frame: Frame) -> None:
        self._level = self._level if frame.level is None else frame.level


class AuthClient:
    """The tutorial's `AuthClient`: where, who, and how to log in."""

    def __init__(self) -> None:
        self.base_url = ""
        self.client_id = "offhook-server"
        self.client_secret: str | None = None
        self._account: Account | None = None

    def set_environment(self, base_url: str) -> None:
        """Where the API is: `http://host:port`. Must be called before `login`."""
        self.base_url = base_url

    def set_client_id(self, client_id: str) -> None:
        """The OAuth client."""
        self.client_id = client_id

    def set_client_secret(self, client_secret: str) -> None:
        """Of a confidential OAuth client."""
        self.client_secret = client_secret

    async def login(self, *, grant_type: str, **parameters: str) -> None:
        """Log in by `password`, `authorization_code` or `client_credentials`.

        `parameters` are the tutorial's: `username` and `password`; `code`, `code_verifier` and
        `redirect_uri` (without a code, one is fetched for `login_hint` by the mock's no-page
        mode). Raises `ValueError`, `LoginRefusedError` or `UnreachableError`.
        """
        if not self.base_url:
            raise ValueError("Say where the API is first: set_environment('http://127.0.0.1:8089')")
        await self.logout()
        account = Account(self.base_url, self._grant(grant_type, parameters))
        await account.start()
        try:
            await account.login()
        except BaseException:
            await account.close()
            raise
        self._account = account

    async def logout(self) -> None:
        """Close everything that belongs to the login."""
        if self._account is not None:
            await self._account.close()
            self._account = None

    @property
    def account(self) -> Account:
        """The login. Raises `RuntimeError` before there is one."""
        if self._account is None:
            raise RuntimeError("Not logged in: await auth_client.login(...) comes first.")
        return self._account

    def _grant(self, grant_type: str, parameters: Mapping[str, str]) -> Grant:
        secret = self.client_secret
        match grant_type:
            case "password":
                names = {"username", "password"}
                return PasswordGrant(
                    client_id=self.client_id,
                    client_secret=secret,
                    **_known(parameters, names, required=names),
                )
            case "authorization_code":
                names = {"code", "code_verifier", "redirect_uri", "login_hint"}
                known = _known(parameters, names)
                if "code_verifier" in known:
                    known["verifier"] = known.pop("code_verifier")
                return CodeGrant(client_id=self.client_id, client_secret=secret, **known)
            case "client_credentials":
                _known(parameters, set())
                return ServiceGrant(client_id=self.client_id, client_secret=secret or "")
        raise ValueError(
            f"Grant type {grant_type!r}; password, authorization_code and client_credentials exist."
        )


class WebRtcApi:
    """The tutorial's `WebRtcApi`."""

    def __init__(self, auth_client: AuthClient) -> None:
        self._auth_client = auth_client
        self._clients: dict[str, WebRtcClient] = {}
        self._ids: dict[str, str] = {}
        self._opening = asyncio.Lock()
        """Two desks of one device would throw each other out."""

    async def get_web_rtc_client(self, *, device_id: str = "default") -> WebRtcClient:
        """The user's client, created if there is none, followed from now on.

        Asked for again it is the same one, until it has ended: by a new login, or for good.

        Raises `RefusedError` (404: no licence, or a conflicting state), `LoginRefusedError` or
        `UnreachableError`.
        """
        async with self._opening:
            known = self._clients.get(device_id)
            if known is not None and not known.desk.ended:
                return known
            desk = self._auth_client.account.desk(device_id)
            client = WebRtcClient(desk)
            try:
                await desk.start()
            except BaseException:
                await desk.close()
                raise
            self._clients[device_id] = client
            if client.id is not None:
                self._ids[client.id] = device_id
            return client

    async def post_web_rtc_client_mute(
        self, web_rtc_client_id: str | None, mute_request: Mapping[str, bool]
    ) -> None:
        """Set mute by `{"muted": True}` and return once it is confirmed.

        `web_rtc_client_id` is an id that `get_web_rtc_client` has given. Raises `ValueError`, or
        what `Desk.set_mute` raises.
        """
        muted = mute_request.get("muted")
        if not isinstance(muted, bool) or len(mute_request) != 1:
            raise ValueError(f"A mute request is {{'muted': True}} or False, not {mute_request}.")
        await self._client(web_rtc_client_id).desk.set_mute(muted=muted)

    async def delete_web_rtc_client(self, web_rtc_client_id: str | None) -> None:
        """End the session on the server. Raises `ValueError`, or what `Desk.delete` raises."""
        client = self._client(web_rtc_client_id)
        self._clients = {name: one for name, one in self._clients.items() if one is not client}
        await client.desk.delete()

    def _client(self, web_rtc_client_id: str | None) -> WebRtcClient:
        for device_id, client in self._clients.items():
            first = self._ids.get(web_rtc_client_id or "")
            if web_rtc_client_id == client.id or first == device_id:
                return client
        raise ValueError(f"No client {web_rtc_client_id!r} here: get_web_rtc_client() comes first.")


class PlatformClient:
    """The tutorial's `PlatformClient`: one login and the APIs that use it."""

    def __init__(self, base_url: str = "") -> None:
        self.auth_client = AuthClient()
        self.web_rtc_api = WebRtcApi(self.auth_client)
        if base_url:
            self.auth_client.set_environment(base_url)

    async def aclose(self) -> None:
        """Log out and let go of all connections."""
        await self.auth_client.logout()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def _known(
    parameters: Mapping[str, str], names: set[str], *, required: set[str] | None = None
) -> dict[str, str]:
    unknown = sorted(set(parameters) - names)
    missing = sorted((required or set()) - set(parameters))
    if unknown:
        raise ValueError(f"login() takes no {unknown[0]!r} with this grant; {sorted(names)}.")
    if missing:
        raise ValueError(f"login() needs {missing[0]!r} with this grant.")
    return dict(parameters)
