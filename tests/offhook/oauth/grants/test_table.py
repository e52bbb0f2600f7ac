"""The tables of the grants, against the settings that name them."""

from offhook.oauth.grants.table import GRANTS, RESPONSES
from offhook.settings import Grant


def test_every_grant_is_served_at_exactly_one_endpoint() -> None:
    by_redirect = {row.grant for row in RESPONSES.values()} - {Grant.AUTHORIZATION_CODE}
    assert set(GRANTS) | by_redirect == set(Grant)
    assert not set(GRANTS) & by_redirect


def test_only_what_holds_a_token_travels_in_the_fragment() -> None:
    assert {name: row.in_fragment for name, row in RESPONSES.items()} == {
        "code": False,
        "token": True,
    }
