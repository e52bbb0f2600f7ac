"""Forms, and the ways in which a client says who it is."""

import base64
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.api.exchange import Request
from offhook.api.forms import SECRET_PARAMETERS, client_id_of, read_basic, read_client, read_form
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.inputs import Presented
from offhook.oauth.parameters import Parameters

FORM = "application/x-www-form-urlencoded"


def request(
    body: bytes = b"",
    *,
    query: str = "",
    content_type: str | None = FORM,
    authorization: str | None = None,
) -> Request:
    headers = {"content-type": content_type, "authorization": authorization}
    return Request(
        method="POST",
        path="/oauth/token",
        query=query,
        headers={name: value for name, value in headers.items() if value is not None},
        body=body,
        origin="http://mock.example",
    )


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", FORM.upper()])
def test_a_form_is_read(content_type: str) -> None:
    assert read_form(request(b"a=1&b=x+y", content_type=content_type)).values == {
        "a": "1",
        "b": "x y",
    }


@pytest.mark.parametrize("content_type", [None, "application/json", "multipart/form-data", ""])
def test_nothing_but_a_form_is_read(content_type: str | None) -> None:
    with pytest.raises(OAuthError, match="invalid_request: The Content-Type is"):
        read_form(request(b"grant_type=password", content_type=content_type))


@pytest.mark.parametrize("body", [b"a=\xff", b"a=%ff"])
def test_a_form_that_cannot_be_taken_is_an_invalid_request(body: bytes) -> None:
    with pytest.raises(OAuthError, match="invalid_request"):
        read_form(request(body))


@pytest.mark.parametrize("name", sorted(SECRET_PARAMETERS))
def test_a_secret_in_the_query_is_refused(name: str) -> None:
    with pytest.raises(OAuthError, match=f"invalid_request: The parameter {name} stands in the q"):
        read_form(request(b"grant_type=x", query=f"{name}=x"))
    read_form(request(b"grant_type=x", query="lang=en"))


@given(st.text(), st.text())
def test_basic_reads_whatever_was_form_encoded(client_id: str, secret: str) -> None:
    header = basic(f"{quote_plus(client_id)}:{quote_plus(secret)}")
    assert read_basic(header) == (client_id, secret)


def test_basic_takes_what_needs_no_encoding_as_it_is() -> None:
    assert read_basic(basic("offhook-server:a:b")) == ("offhook-server", "a:b")
    assert read_basic(basic("desk:").replace("Basic", "basic")) == ("desk", "")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer abc",
        "Basic",
        "Basic ?",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff:x").decode(),
        "Basic " + base64.b64encode(b"%ff:x").decode(),
        f"{basic('a:b')}, {basic('c:d')}",
    ],
)
def test_what_is_not_basic_is_an_invalid_client_with_a_challenge(header: str) -> None:
    with pytest.raises(OAuthError) as caught:
        read_basic(header)
    assert caught.value.error is ErrorCode.INVALID_CLIENT
    assert caught.value.challenge


def who(authorization: str | None = None, **form: str) -> Presented:
    return read_client(request(authorization=authorization), Parameters(form))


def test_a_client_says_who_it_is_by_header_or_by_form() -> None:
    assert who(client_id="a", client_secret="s") == Presented(client_id="a", secret="s")
    assert who(client_id="a") == Presented(client_id="a")
    by_header = Presented(client_id="a", secret="s", by_header=True)
    assert who(basic("a:s")) == by_header
    assert who(basic("a:s"), client_id="a") == by_header


def test_two_methods_at_once_are_an_invalid_request() -> None:
    with pytest.raises(OAuthError, match=r"invalid_request: .*authenticates twice"):
        who(basic("a:s"), client_secret="s")
    with pytest.raises(OAuthError, match="invalid_request: The client_id in the form is b"):
        who(basic("a:s"), client_id="b")


def test_a_repeated_parameter_is_an_invalid_request_before_anything_else() -> None:
    form = read_form(request(b"client_id=a&client_id=a&client_secret=s"))
    with pytest.raises(OAuthError, match="invalid_request: The parameter client_id was sent more"):
        read_client(request(), form)


def test_a_client_that_says_nothing_is_an_invalid_client_without_a_challenge() -> None:
    with pytest.raises(OAuthError, match=r"invalid_client: .*does not say who") as caught:
        who(client_secret="s")
    assert not caught.value.challenge


@pytest.mark.parametrize(
    ("body", "authorization", "client_id"),
    [
        (b"client_id=a", None, "a"),
        (b"client_id=a", basic("b:s"), "b"),
        (b"", None, ""),
        (b"\xff", None, ""),
        (b"client_id=a", "Bearer x", ""),
    ],
)
def test_the_limits_count_by_the_id_as_far_as_it_can_be_read(
    body: bytes, authorization: str | None, client_id: str
) -> None:
    assert client_id_of(request(body, authorization=authorization)) == client_id
