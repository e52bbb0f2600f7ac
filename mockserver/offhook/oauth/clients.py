"""OAuth clients: who they are, where answers may be sent, what they may ask for."""

import hmac
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, urlsplit

from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.inputs import Presented
from offhook.oauth.parameters import Parameters
from offhook.settings import ClientSettings, Grant

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Clients:
    """The OAuth clients of an org, by id."""

    def __init__(self, settings: Iterable[ClientSettings]) -> None:
        self._clients = {client.id: client for client in settings}

    def __iter__(self) -> Iterator[ClientSettings]:
        return iter(self._clients.values())

    def find(self, client_id: str | None) -> ClientSettings | None:
        """The client, or None."""
        return None if client_id is None else self._clients.get(client_id)

    def authenticate(self, presented: Presented) -> ClientSettings:
        """The client that `presented` proves to be; a public one has nothing to prove.

        Raises `OAuthError` (`invalid_client`, RFC 6749 §5.2).
        """
        client = self._clients.get(presented.client_id)
        problem = None
        if client is None:
            problem = f"There is no client {presented.client_id}."
        elif client.secret is None:
            # Libraries that know no public clients send an empty secret, which proves nothing.
            if presented.secret:
                problem = f"Client {client.id} is public: it has no secret to send."
        elif presented.secret is None:
            problem = f"Client {client.id} is confidential: its secret is missing."
        elif not hmac.compare_digest(presented.secret.encode(), client.secret.encode()):
            problem = f"The secret of client {client.id} is wrong."
        if client is None or problem is not None:
            raise OAuthError(ErrorCode.INVALID_CLIENT, problem or "", challenge=presented.by_header)
        return client

    def scopes(self) -> frozenset[str]:
        """All scopes that any client may have."""
        return frozenset().union(*(client.scopes for client in self._clients.values()))


def require_grant(client: ClientSettings, grant: Grant) -> None:
    """Raise `OAuthError` (`unauthorized_client`) when the client may not use the grant."""
    if grant not in client.grants:
        raise OAuthError(
            ErrorCode.UNAUTHORIZED_CLIENT,
            f"Client {client.id} may not use the grant {grant}; it may use "
            f"{', '.join(sorted(client.grants)) or 'none'}.",
        )


def asked_scopes(parameters: Parameters, allowed: frozenset[str]) -> frozenset[str]:
    """The scopes of a request: those it names, or all that are allowed (RFC 6749 §3.3).

    Raises `OAuthError` (`invalid_scope`) when one is not allowed.
    """
    text = parameters.get("scope")
    if text is None:
        return allowed
    asked = frozenset(text.split(" ")) - {""}
    excess = sorted(asked - allowed)
    if excess:
        raise OAuthError(
            ErrorCode.INVALID_SCOPE,
            f"The scope {excess[0]} may not be had here; these may: "
            f"{' '.join(sorted(allowed)) or 'none'}.",
        )
    return asked


def redirect_target(client: ClientSettings, named: str | None) -> str | None:
    """Where the answer of an authorization request goes; None when that is not allowed.

    Registered URIs are compared character by character, but for the port of a loopback
    address (RFC 8252 §7.3, RFC 9700 §4.1.3). A client that registered none may use any
    loopback address if `any_loopback_redirect` says so. A request may leave the URI out when
    exactly one is registered (RFC 6749 §3.1.2.3).
    """
    if named is None:
        return client.redirect_uris[0] if len(client.redirect_uris) == 1 else None
    if named in client.redirect_uris:
        return named
    loopback = _loopback(named)
    if loopback is None:
        return None
    if not client.redirect_uris:
        return named if client.any_loopback_redirect else None
    registered = (_loopback(uri) for uri in client.redirect_uris)
    return named if any(uri == loopback for uri in registered) else None


def _loopback(uri: str) -> SplitResult | None:
    """A `http` URI of a loopback address, its port left out; None for any other URI."""
    if not all("!" <= character <= "~" and character != "\\" for character in uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return None
    if "@" in parts.netloc or "#" in uri:
        return None
    return parts._replace(netloc=parts.hostname)
