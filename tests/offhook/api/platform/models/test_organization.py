"""Messages about the org and about tokens, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.organization import NamedEntity, OrgOAuthClient, TokenInfo

HOME = NamedEntity(id="o", name="Acme")


def test_the_oauth_client_is_spelt_with_its_capitals() -> None:
    client = OrgOAuthClient(id="c", name="C", organization=HOME)
    token = TokenInfo(
        organization=HOME, home_organization=HOME, authorized_scope=("a",), o_auth_client=client
    )
    assert set(msgspec.to_builtins(token)) == {
        "organization",
        "homeOrganization",
        "authorizedScope",
        "OAuthClient",
    }
