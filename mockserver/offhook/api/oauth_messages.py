"""The messages of OAuth, by the names of its RFCs, as the document describes them."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.oauth.errors import Refused
from offhook.oauth.inputs import Introspection, Issued

Whole = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class _ClientForm(msgspec.Struct, frozen=True, kw_only=True):
    """What every form may hold that a client authenticates by; else Authorization: Basic."""

    client_id: Annotated[str, Meta(examples=["offhook-server"])] | UnsetType = UNSET
    client_secret: Annotated[str, Meta(examples=["offhook-secret"])] | UnsetType = UNSET


class TokenForm(_ClientForm, frozen=True, kw_only=True):
    """A token request (RFC 6749 §4). Which fields it needs is up to its grant."""

    grant_type: Annotated[str, Meta(examples=["client_credentials"])]
    code: Annotated[str, Meta(description="authorization_code")] | UnsetType = UNSET
    redirect_uri: (
        Annotated[str, Meta(description="authorization_code: as it was asked for.")] | UnsetType
    ) = UNSET
    code_verifier: Annotated[str, Meta(description="authorization_code with PKCE")] | UnsetType = (
        UNSET
    )
    refresh_token: Annotated[str, Meta(description="refresh_token")] | UnsetType = UNSET
    username: Annotated[str, Meta(description="password")] | UnsetType = UNSET
    password: Annotated[str, Meta(description="password")] | UnsetType = UNSET
    scope: (
        Annotated[str, Meta(description="Names separated by spaces; all when absent.")] | UnsetType
    ) = UNSET


class HeldTokenForm(_ClientForm, frozen=True, kw_only=True):
    """A revocation (RFC 7009 §2.1) or an introspection (RFC 7662 §2.1)."""

    token: Annotated[str, Meta(description="An access token or a refresh token.")]
    token_type_hint: Annotated[str, Meta(description="Not needed.")] | UnsetType = UNSET


class LoginForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the login page sends, beside the parameters of the authorization request."""

    client_id: Annotated[str, Meta(examples=["offhook-desktop"])]
    username: Annotated[str, Meta(description="Or the email.")] | UnsetType = UNSET
    password: str | UnsetType = UNSET
    decision: Annotated[str, Meta(description="deny cancels.")] | UnsetType = UNSET


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A successful token request (RFC 6749 §5.1)."""

    access_token: str
    token_type: Annotated[str, Meta(examples=["bearer"])] = "bearer"  # noqa: S105 - a type's name.
    expires_in: Annotated[int, Meta(ge=0, le=31_536_000, description="Seconds.")]
    refresh_token: str | UnsetType = UNSET
    scope: Annotated[str, Meta(description="What was granted, separated by spaces.")] | UnsetType
    warning: Annotated[str, Meta(description="Why the grant should not be used.")] | UnsetType = (
        UNSET
    )


class OAuthErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """A refused OAuth request (RFC 6749 §5.2)."""

    error: Annotated[str, Meta(examples=["invalid_grant"])]
    error_description: str
    description: Annotated[str, Meta(description="The same again, as the platform names it.")]


class IntrospectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a token stands for (RFC 7662 §2.2). `active` stands alone when it is not good."""

    active: bool
    scope: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    username: str | UnsetType = UNSET
    token_type: str | UnsetType = UNSET
    exp: Whole | UnsetType = UNSET
    iat: Whole | UnsetType = UNSET
    sub: str | UnsetType = UNSET
    iss: str | UnsetType = UNSET
    jti: Annotated[str, Meta(description="The token's public id.")] | UnsetType = UNSET


class ServerMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What the authorization server can do (RFC 8414 §2)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    scopes_supported: tuple[str, ...]
    response_types_supported: tuple[str, ...]
    response_modes_supported: tuple[str, ...]
    grant_types_supported: tuple[str, ...]
    code_challenge_methods_supported: tuple[str, ...]
    token_endpoint_auth_methods_supported: tuple[str, ...]
    revocation_endpoint_auth_methods_supported: tuple[str, ...]
    introspection_endpoint_auth_methods_supported: tuple[str, ...]
    authorization_response_iss_parameter_supported: bool = True


def token_answer(issued: Issued) -> TokenAnswer:
    """A success as the wire shows it. `scope` is always told, unless it is empty."""
    scope = " ".join(sorted(issued.token.scopes))
    return TokenAnswer(
        access_token=issued.secret,
        expires_in=issued.expires_in,
        refresh_token=UNSET if issued.refresh_secret is None else issued.refresh_secret,
        scope=scope or UNSET,
        warning=UNSET if issued.warning is None else issued.warning,
    )


def error_body(refused: Refused) -> OAuthErrorBody:
    """A refusal as the wire shows it."""
    return OAuthErrorBody(
        error=refused.error.value,
        error_description=refused.description,
        description=refused.description,
    )


def introspection_answer(found: Introspection | None, *, issuer: str) -> IntrospectionAnswer:
    """What a token stands for as the wire shows it; None is not active, without a reason."""
    if found is None:
        return IntrospectionAnswer(active=False)
    return IntrospectionAnswer(
        active=True,
        scope=" ".join(sorted(found.scopes)) or UNSET,
        client_id=found.client_id,
        username=UNSET if found.username is None else found.username,
        token_type=UNSET if found.refresh else "bearer",
        exp=int(found.expires_at),
        iat=int(found.issued_at),
        sub=found.client_id if found.user_id is None else found.user_id,
        iss=issuer,
        jti=found.token_id,
    )
