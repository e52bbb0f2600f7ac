"""OAuth requests as they arrive: a form, and a client that says who it is.

What is wrong with them in themselves is an `OAuthError`; it is found out before the org is
asked, so nothing can have changed.
"""

import base64
import binascii
from urllib.parse import unquote_plus

from offhook.api.exchange import Request
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.inputs import Presented
from offhook.oauth.parameters import Parameters

FORM_TYPE = "application/x-www-form-urlencoded"

SECRET_PARAMETERS = frozenset(
    {"client_secret", "code", "code_verifier", "password", "refresh_token", "token"}
)
"""What a query must not hold: queries are logged everywhere (RFC 6749 §2.3.1)."""


def read_form(request: Request) -> Parameters:
    """The parameters of the body. Raises `OAuthError` (`invalid_request`)."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != FORM_TYPE:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST,
            f"The Content-Type is {content_type or 'missing'}; it must be {FORM_TYPE}.",
        )
    in_query = sorted(SECRET_PARAMETERS & set(Parameters.read(request.query).values))
    if in_query:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST,
            f"The parameter {in_query[0]} stands in the query; it belongs in the body.",
        )
    try:
        text = request.body.decode()
    except UnicodeDecodeError as error:
        raise OAuthError(ErrorCode.INVALID_REQUEST, "The body is not UTF-8.") from error
    return Parameters.read(text)


def read_client(request: Request, form: Parameters) -> Presented:
    """Who the client says it is, by exactly one of the methods of RFC 6749 §2.3.1.

    A `client_id` in the form beside `Authorization: Basic` is no second method as long as it
    is the same. A form that repeats any parameter says nothing for certain (RFC 6749 §3.2).
    Raises `OAuthError` (`invalid_client`, `invalid_request`).
    """
    form.refuse_repeated()
    header = request.headers.get("authorization")
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if header is None:
        if client_id is None:
            raise OAuthError(
                ErrorCode.INVALID_CLIENT,
                "The client does not say who it is: neither Authorization: Basic nor client_id.",
            )
        return Presented(client_id=client_id, secret=secret)
    basic_id, basic_secret = read_basic(header)
    if secret is not None:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST,
            "The client authenticates twice, by Authorization and by client_secret: once is right.",
        )
    if client_id not in {None, basic_id}:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST,
            f"The client_id in the form is {client_id}, the one in Authorization is {basic_id}.",
        )
    return Presented(client_id=basic_id, secret=basic_secret, by_header=True)


def read_basic(header: str) -> tuple[str, str]:
    """The id and the secret in `Authorization: Basic`, each form-encoded (RFC 6749 §2.3.1).

    Raises `OAuthError` (`invalid_client`, with a challenge).
    """
    scheme, _, encoded = header.partition(" ")
    problem = "The Authorization header is not Basic."
    if scheme.lower() == "basic":
        problem = "The Authorization header is not base64 of <client_id>:<client_secret>."
        try:
            text = base64.b64decode(encoded.strip(), validate=True).decode()
            client_id, colon, secret = text.partition(":")
            if colon:
                return (
                    unquote_plus(client_id, errors="strict"),
                    unquote_plus(secret, errors="strict"),
                )
        except (binascii.Error, UnicodeDecodeError, ValueError):
            pass
    raise OAuthError(ErrorCode.INVALID_CLIENT, problem, challenge=True)


def client_id_of(request: Request) -> str:
    """The client id of a request, as far as it can be read: what the limits count by.

    Nothing is proved by it. An empty string when there is none.
    """
    try:
        header = request.headers.get("authorization")
        if header is not None:
            return read_basic(header)[0]
        return Parameters.read(request.body.decode()).get("client_id") or ""
    except (OAuthError, UnicodeDecodeError):
        return ""
