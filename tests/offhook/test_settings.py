"""What an org is declared to be."""

from pathlib import Path

import msgspec
import pytest

from offhook.settings import (
    DEFAULT,
    PERMISSIONS,
    SCOPES,
    ClientSettings,
    Grant,
    OrgSettings,
    UserSettings,
)

DIALECT = Path(__file__).parents[2] / "docs" / "reference" / "tutorial-dialect.md"


def test_the_default_org_is_the_one_the_dialect_page_describes() -> None:
    page = DIALECT.read_text(encoding="utf-8")
    for user in DEFAULT.users:
        assert f"`{user.email}` (`{user.username}`, password `{user.password}`)" in page
    for client in DEFAULT.clients:
        assert f"`{client.id}`" in page
        assert client.secret is None or f"`{client.secret}`" in page


def test_every_default_user_may_do_everything() -> None:
    for user in DEFAULT.users:
        assert user.licences == {"webrtc"}
        assert user.permissions == PERMISSIONS


def test_the_default_clients_are_one_public_and_one_confidential() -> None:
    desktop, server = DEFAULT.clients
    assert desktop.secret is None
    assert Grant.CLIENT_CREDENTIALS not in desktop.grants, "a public client has no credentials"
    assert Grant.PASSWORD not in desktop.grants
    assert server.secret is not None
    assert server.grants == frozenset(Grant)
    assert desktop.scopes == server.scopes == SCOPES


def test_the_scopes_are_the_tutorials() -> None:
    assert {"webrtc:client:read", "conversation:read", "user:read"} == SCOPES


def test_settings_are_read_from_plain_values() -> None:
    settings = msgspec.convert(
        {
            "name": "Acme",
            "users": [{"username": "ann", "password": "x", "licences": []}],
            "clients": [{"id": "c", "grants": ["refresh_token"], "redirect_uris": ["app:/cb"]}],
            "policies": {"versions": False},
            "default_user": "ann",
        },
        OrgSettings,
    )
    assert settings.users == (UserSettings(username="ann", password="x", licences=frozenset()),)
    assert settings.clients == (
        ClientSettings(id="c", grants=frozenset({Grant.REFRESH_TOKEN}), redirect_uris=("app:/cb",)),
    )
    assert not settings.policies.versions


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"users": []}, "clients"),
        ({"users": [{"username": "ann"}], "clients": []}, "password"),
        ({"users": [], "clients": [], "polices": {}}, "polices"),
        ({"users": [], "clients": [{"id": "c", "grants": ["magic"]}]}, "magic"),
        ({"users": [], "clients": [], "policies": {"heartbeat_s": 0}}, "heartbeat_s"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(plain: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(plain, OrgSettings)
