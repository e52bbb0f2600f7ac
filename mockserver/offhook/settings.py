"""What an org is declared to be: users, OAuth clients, policies. Values only.

`offhook.config` reads them from a file; `DEFAULT` is what exists without one.
"""

from enum import StrEnum

import msgspec

from offhook.policies import Policies
from offhook.stubs import Stub

SCOPES = frozenset({"webrtc:client:read", "conversation:read", "user:read"})
"""The tutorial's scopes. A client that names none is given all that it may have."""

PERMISSIONS = frozenset({"webrtc:client:view", "webrtc:client:edit"})


class Grant(StrEnum):
    """The grants of RFC 6749 (and implicit), by the name under which a client may use them."""

    AUTHORIZATION_CODE = "authorization_code"
    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant.
    PASSWORD = "password"  # noqa: S105 - the name of a grant.
    IMPLICIT = "implicit"


class UserSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user of the org. Names are unique; `id` is drawn from the seed when None."""

    username: str
    password: str
    name: str = ""
    email: str = ""
    id: str | None = None
    licences: frozenset[str] = frozenset({"webrtc"})
    permissions: frozenset[str] = PERMISSIONS


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OAuth client. Without `secret` it is public (RFC 6749 §2.1) and must use PKCE."""

    id: str
    secret: str | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset(Grant)
    redirect_uris: tuple[str, ...] = ()
    """Compared exactly, but for the port of a loopback address (RFC 8252 §7.3)."""
    any_loopback_redirect: bool = True
    scopes: frozenset[str] = SCOPES


class WrapupCodeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wrap-up code of the org. Names are unique; `id` is drawn from the seed when None."""

    name: str
    id: str | None = None


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A queue of the org. Names are unique; `id` is drawn from the seed when None."""

    name: str
    id: str | None = None
    description: str = ""
    members: tuple[str, ...] | None = None
    """Ids, usernames or emails; everybody when None."""
    wrapup_codes: tuple[str, ...] | None = None
    """Names of the org's codes; all of them when None."""


class OrgSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An org as it is declared."""

    name: str = "Offhook"
    users: tuple[UserSettings, ...]
    clients: tuple[ClientSettings, ...]
    queues: tuple[QueueSettings, ...] = (QueueSettings(name="Support"),)
    wrapup_codes: tuple[WrapupCodeSettings, ...] = (
        WrapupCodeSettings(name="Resolved"),
        WrapupCodeSettings(name="Follow-up needed"),
    )
    policies: Policies = Policies()
    stubs: tuple[Stub, ...] = ()
    """Answers to what the mock does not model; they survive a reset."""
    default_user: str | None = None
    """Who logs in when nobody says who: the first user when None."""


def _user(username: str, name: str) -> UserSettings:
    return UserSettings(
        username=username,
        password=f"{username}-password",
        name=name,
        email=f"{username}@example.com",
    )


DEFAULT = OrgSettings(
    users=(
        _user("agent", "Ada Agent"),
        _user("second", "Sam Second"),
        _user("supervisor", "Vera Supervisor"),
    ),
    clients=(
        ClientSettings(
            id="offhook-desktop",
            name="A desktop in the browser",
            grants=frozenset({Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN, Grant.IMPLICIT}),
        ),
        ClientSettings(id="offhook-server", secret="offhook-secret", name="A server"),  # noqa: S106 - an example, printed at start.
    ),
)
