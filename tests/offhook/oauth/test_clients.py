"""Who a client is, where it may be answered, what it may ask for."""

import pytest

from offhook.oauth.clients import Clients, asked_scopes, redirect_target, require_grant
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.inputs import Presented
from offhook.oauth.parameters import Parameters
from offhook.settings import ClientSettings, Grant

PUBLIC = ClientSettings(id="public")
SECRET = ClientSettings(id="secret", secret="s3cret", scopes=frozenset({"a", "b"}))
CLIENTS = Clients((PUBLIC, SECRET))


@pytest.mark.parametrize(
    ("client_id", "secret"), [("public", None), ("public", ""), ("secret", "s3cret")]
)
def test_a_client_is_who_it_proves_to_be(client_id: str, secret: str | None) -> None:
    presented = Presented(client_id=client_id, secret=secret)
    assert CLIENTS.authenticate(presented).id == client_id


@pytest.mark.parametrize(
    ("client_id", "secret", "problem"),
    [
        ("nobody", None, "There is no client nobody"),
        ("nobody", "s3cret", "There is no client nobody"),
        ("public", "s3cret", "is public"),
        ("secret", None, "its secret is missing"),
        ("secret", "", "is wrong"),
        ("secret", "s3creT", "is wrong"),
        ("secret", "s3crét", "is wrong"),
    ],
)
@pytest.mark.parametrize("by_header", [True, False])
def test_a_client_that_proves_nothing_is_invalid(
    client_id: str, secret: str | None, problem: str, *, by_header: bool
) -> None:
    with pytest.raises(OAuthError, match=problem) as caught:
        CLIENTS.authenticate(Presented(client_id=client_id, secret=secret, by_header=by_header))
    assert caught.value.error is ErrorCode.INVALID_CLIENT
    assert caught.value.challenge is by_header


def test_clients_are_found_by_id_and_know_all_scopes() -> None:
    assert CLIENTS.find("secret") is SECRET
    assert CLIENTS.find("nobody") is None
    assert CLIENTS.find(None) is None
    assert list(CLIENTS) == [PUBLIC, SECRET]
    assert CLIENTS.scopes() == PUBLIC.scopes | {"a", "b"}
    assert Clients(()).scopes() == frozenset()


def test_a_client_uses_only_its_grants() -> None:
    client = ClientSettings(id="c", grants=frozenset({Grant.REFRESH_TOKEN}))
    require_grant(client, Grant.REFRESH_TOKEN)
    with pytest.raises(OAuthError, match=r"unauthorized_client: .*it may use refresh_token\."):
        require_grant(client, Grant.PASSWORD)


def test_scopes_are_those_named_or_all_that_are_allowed() -> None:
    allowed = frozenset({"a", "b"})
    assert asked_scopes(Parameters({}), allowed) == allowed
    assert asked_scopes(Parameters({"scope": "b"}), allowed) == {"b"}
    assert asked_scopes(Parameters({"scope": "b  a"}), allowed) == allowed
    with pytest.raises(OAuthError, match="invalid_scope: The scope c may not be had"):
        asked_scopes(Parameters({"scope": "a c"}), allowed)


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:4000/any/path?and=query",
        "http://localhost:1/back",
        "http://[::1]:65535/back",
    ],
)
def test_a_client_without_registered_uris_may_use_any_loopback_address(uri: str) -> None:
    assert redirect_target(PUBLIC, uri) == uri
    strict = ClientSettings(id="strict", any_loopback_redirect=False)
    assert redirect_target(strict, uri) is None


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/back",
        "https://127.0.0.1/back",
        "http://127.0.0.1.evil.example/back",
        "http://127.0.0.1@evil.example/back",
        "http://evil.example@127.0.0.1/back",
        "http://127.0.0.1:port/back",
        "http://127.0.0.1:99999/back",
        "http://127.0.0.1/back#fragment",
        "http://127.0.0.1/back#",
        "http://127.0.0.1/ba ck",
        "http://127.0.0.1/back\r\nX: y",
        "http://localhost\\@evil.example/",
        "http://[::1/",
        "javascript:alert(1)",
        "/back",
        "//127.0.0.1/back",
    ],
)
def test_no_other_address_is_a_loopback_address(uri: str) -> None:
    assert redirect_target(PUBLIC, uri) is None


REGISTERED = ClientSettings(
    id="r", redirect_uris=("https://desk.example/back?a=1", "http://127.0.0.1:1/back")
)


@pytest.mark.parametrize(
    ("uri", "right"),
    [
        ("https://desk.example/back?a=1", True),
        ("https://desk.example/back", False),
        ("https://desk.example/back?a=1&b=2", False),
        ("https://desk.example/Back?a=1", False),
        ("https://desk.example:443/back?a=1", False),
        ("http://127.0.0.1:1/back", True),
        ("http://127.0.0.1:4000/back", True),
        ("http://127.0.0.1/back", True),
        ("http://127.0.0.1:4000/back/", False),
        ("http://127.0.0.1:4000/back?x", False),
        ("http://localhost:1/back", False),
    ],
)
def test_registered_uris_match_exactly_but_for_the_port_of_loopback(
    uri: str, *, right: bool
) -> None:
    assert redirect_target(REGISTERED, uri) == (uri if right else None)


def test_the_uri_may_be_left_out_only_when_one_is_registered() -> None:
    one = ClientSettings(id="one", redirect_uris=("https://desk.example/back",))
    assert redirect_target(one, None) == "https://desk.example/back"
    assert redirect_target(REGISTERED, None) is None
    assert redirect_target(PUBLIC, None) is None
