"""Tokens: what one stands for, and how one is given up (wire contract §3)."""

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.organization import NamedEntity, OrgOAuthClient, TokenInfo
from offhook.api.platform.rows import (
    ANOTHER_USER,
    NO_SUCH_USER,
    USER_ID,
    own_user_in_path,
    row,
    token_of,
)
from offhook.domain.evidence import Evidence
from offhook.oauth.inputs import RevokeToken, RevokeUser
from offhook.oauth.tokens import RevokedBecause


def get_token(call: Call) -> Answer:
    """What the token stands for. The official SDKs also ask with HEAD whether it is good."""
    return json_answer(200, token_info(call))


def delete_token(call: Call) -> Answer:
    """Revoke the token of this very request."""
    token_id = token_of(call).id
    call.tenancy.org.receive(
        RevokeToken(token_id=token_id, because=RevokedBecause.DELETED), now=call.now
    )
    return empty_answer(200)


def delete_tokens_of_user(call: Call) -> Answer:
    """Revoke everything that a user was ever given, refresh tokens too."""
    user = own_user_in_path(call)
    call.tenancy.org.receive(RevokeUser(user_id=user.id), now=call.now)
    return empty_answer(200)


def token_info(call: Call) -> TokenInfo:
    """The token of a request in the platform's shape."""
    token, org = token_of(call), call.tenancy.org
    client = org.oauth.clients.find(token.client_id)
    assert client is not None, f"token {token.id} belongs to no OAuth client"
    home = NamedEntity(id=org.directory.organization.id, name=org.directory.organization.name)
    return TokenInfo(
        organization=home,
        home_organization=home,
        authorized_scope=tuple(sorted(token.scopes)),
        o_auth_client=OrgOAuthClient(
            id=client.id, name=client.name or client.id, organization=home
        ),
    )


OPERATIONS: tuple[Operation, ...] = (
    row(
        "getTokensMe",
        "GET /api/v2/tokens/me",
        "What the token stands for; asked with HEAD, whether it is good.",
        get_token,
        outcomes={200: Outcome(meaning="The token is good.", body=TokenInfo)},
    ),
    row(
        "deleteTokensMe",
        "DELETE /api/v2/tokens/me",
        "Revoke the token of this request.",
        delete_token,
        outcomes={200: Outcome(meaning="It is good no longer.")},
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "deleteToken",
        "DELETE /api/v2/tokens/{userId}",
        "Revoke all tokens of a user.",
        delete_tokens_of_user,
        outcomes={
            200: Outcome(meaning="None of them is good any longer."),
            403: ANOTHER_USER,
            404: NO_SUCH_USER,
        },
        params=(USER_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
)
