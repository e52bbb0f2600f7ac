"""Tokens without a grant: mint, expire, revoke."""

from typing import Annotated

import msgspec
from msgspec import Meta

from offhook.api.answer import empty_answer, json_answer, stamp
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import CONFLICT, NO_SUCH, NOTHING, path_id, row
from offhook.control.users import user_named
from offhook.oauth.inputs import ExpireToken, MintToken, RevokeToken


class TokenBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """A token that is wanted."""

    user: str | None
    """Id, username or email; None: a service token, which acts for nobody."""
    scopes: frozenset[str] | None = None
    """None: every scope."""
    ttl_s: Annotated[float, Meta(gt=0, le=31_536_000)] | None = None
    """None: by the policy."""


class MintedBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A token fresh from the mint. Its secret stands in no other answer."""

    id: str
    access_token: str
    expires_at: str


def _post(call: Call) -> Response:
    body, org = call.body, call.tenancy.org
    user = None if body.user is None else user_named(org, body.user).id
    minted = org.receive(MintToken(user=user, scopes=body.scopes, ttl_s=body.ttl_s), now=call.now)
    answer = MintedBody(
        id=minted.token.id, access_token=minted.secret, expires_at=stamp(minted.token.expires_at)
    )
    return json_answer(201, answer)


def _expire(call: Call) -> Response:
    call.tenancy.org.receive(ExpireToken(token_id=call.path["tokenId"]), now=call.now)
    return empty_answer(204)


def _revoke(call: Call) -> Response:
    call.tenancy.org.receive(RevokeToken(token_id=call.path["tokenId"]), now=call.now)
    return empty_answer(204)


_ID = path_id("tokenId", "The public id of a token, never its secret.")

OPERATIONS = (
    row(
        "postToken",
        "POST",
        "/tokens",
        "Mint a token without any grant",
        _post,
        body=TokenBody,
        outcomes={
            201: Outcome(meaning="The token.", body=MintedBody, identifies={"tokenId": "/id"}),
            404: NO_SUCH,
        },
    ),
    row(
        "expireToken",
        "POST",
        "/tokens/{tokenId}/expire",
        "Let a token expire now",
        _expire,
        params=(_ID,),
        outcomes={204: NOTHING, 404: NO_SUCH, 409: CONFLICT},
    ),
    row(
        "revokeToken",
        "DELETE",
        "/tokens/{tokenId}",
        "Revoke a token now",
        _revoke,
        params=(_ID,),
        outcomes={204: NOTHING, 404: NO_SUCH, 409: CONFLICT},
    ),
)
