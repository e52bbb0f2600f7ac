"""What the token endpoint and the authorization endpoint serve.

A grant is a function of a `GrantCall`. Adding one is a file beside this one and a line here.
"""

from collections.abc import Callable

import msgspec

from offhook.domain.views import UserView
from offhook.oauth.grants import (
    authorization_code,
    client_credentials,
    implicit,
    password,
    refresh_token,
)
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.inputs import Issued
from offhook.settings import Grant

GRANTS: dict[Grant, Callable[[GrantCall], Issued]] = {
    Grant.AUTHORIZATION_CODE: authorization_code.issue,
    Grant.CLIENT_CREDENTIALS: client_credentials.issue,
    Grant.REFRESH_TOKEN: refresh_token.issue,
    Grant.PASSWORD: password.issue,
}


class ResponseType(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `RESPONSES`: what `response_type` may ask of the authorization endpoint."""

    grant: Grant
    in_fragment: bool
    """Answers and errors travel in the fragment of the redirect, not in its query."""
    check: Callable[[GrantCall], None]
    respond: Callable[[GrantCall, UserView, str], dict[str, str]]


RESPONSES: dict[str, ResponseType] = {
    "code": ResponseType(
        grant=Grant.AUTHORIZATION_CODE,
        in_fragment=False,
        check=authorization_code.check,
        respond=authorization_code.respond,
    ),
    "token": ResponseType(
        grant=Grant.IMPLICIT,
        in_fragment=True,
        check=implicit.check,
        respond=implicit.respond,
    ),
}
