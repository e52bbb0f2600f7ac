"""How rows of the platform dialect are written: what they have in common, once."""

from collections.abc import Callable
from typing import Any

from offhook.api.exchange import Answer
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.api.schemas import ErrorBody
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.views import UserView
from offhook.oauth.tokens import Token

PLATFORM = frozenset({Dialect.PLATFORM})

ACCEPTED = Outcome(meaning="Accepted: what becomes of it is told by an event.")
"""202 and nothing, as the platform answers commands (wire contract §5.2)."""


def refused(meaning: str) -> Outcome:
    """A refusal that is an operation's own."""
    return Outcome(meaning=meaning, body=ErrorBody)


def path_id(name: str, meaning: str) -> Param:
    """A path parameter that is an id."""
    return Param(name=name, where="path", schema={"type": "string"}, meaning=meaning, required=True)


USER_ID = path_id("userId", "The user.")
NO_SUCH_USER = refused("There is no such user.")
ANOTHER_USER = refused("It is another user than the token's.")


def token_of(call: Call) -> Token:
    """The token of a call that is not public."""
    assert call.token is not None, "not public"
    return call.token


def user_of(call: Call) -> str:
    """The id of the user whose token it is; the operation's access must ask for a user."""
    user_id = token_of(call).user_id
    assert user_id is not None, "the order of refusal wants a user here"
    return user_id


def user_in_path(call: Call) -> UserView:
    """The user of the path, whom everybody in the org may look at. Raises `DomainError` (404)."""
    user_id = call.path["userId"]
    user = call.tenancy.org.user(user_id)
    if user is None:
        raise DomainError("not.found", f"There is no user {user_id!r}.")
    return user


def own_user_in_path(call: Call) -> UserView:
    """The user of the path, for whom the token may act: its own, or any for a service token.

    Permissions are not modelled here; a service token acts for the org. Raises `DomainError`
    (403, 404).
    """
    user = user_in_path(call)
    if token_of(call).user_id not in {None, user.id}:
        raise DomainError("not.authorized", "The user of the path is not the token's.")
    return user


def row(
    operation_id: str,
    place: str,
    summary: str,
    handler: Callable[[Call], Answer],
    *,
    outcomes: dict[int, Outcome],
    params: tuple[Param, ...] = (),
    body: Any = None,
    user: bool = False,
    evidence: Evidence = Evidence.OBSERVED,
) -> Operation:
    """One row. `place` is method and path; `user` wants the token of a user (else 400)."""
    method, _, path = place.partition(" ")
    return Operation(
        id=operation_id,
        method=method,
        path=path,
        summary=summary,
        dialects=PLATFORM,
        access=Access(user=user),
        params=params,
        body=body,
        outcomes=outcomes,
        handler=handler,
        evidence=evidence,
    )
