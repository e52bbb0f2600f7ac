"""What the journal may keep of OAuth inputs."""

import pytest

from offhook.domain.inputs import Input
from offhook.oauth.inputs import (
    DEPRECATED,
    Login,
    MintToken,
    Presented,
    RequestAuthorization,
    RequestIntrospection,
    RequestRevocation,
    RequestToken,
)
from offhook.oauth.parameters import Parameters

HIDDEN = "hidden-hidden"
WHO = Presented(client_id="desk", secret=HIDDEN)
FORM = Parameters(
    {
        "grant_type": "refresh_token",
        "response_type": "code",
        "client_id": "desk",
        **dict.fromkeys(
            ("code", "code_verifier", "password", "refresh_token", "token", "client_secret"), HIDDEN
        ),
    }
)


@pytest.mark.parametrize(
    "item",
    [
        RequestToken(parameters=FORM, presented=WHO),
        RequestRevocation(parameters=FORM, presented=WHO),
        RequestIntrospection(parameters=FORM, presented=WHO),
        RequestAuthorization(
            parameters=FORM, issuer="http://x", login=Login(username="ada", password=HIDDEN)
        ),
    ],
    ids=lambda item: type(item).__name__,
)
def test_the_journal_hears_of_the_client_and_of_no_secret(item: Input[object]) -> None:
    facts = item.facts()
    assert facts["client_id"] == "desk"
    assert HIDDEN not in repr(facts)


def test_the_journal_is_warned_of_the_password_grant() -> None:
    form = Parameters({"grant_type": "password"})
    assert RequestToken(parameters=form, presented=WHO).facts()["warning"] == DEPRECATED
    assert "warning" not in RequestToken(parameters=FORM, presented=WHO).facts()


def test_an_input_of_control_tells_everything() -> None:
    assert MintToken(user="agent", ttl_s=5.0).facts() == {
        "user": "agent",
        "client_id": None,
        "scopes": None,
        "ttl_s": 5.0,
    }
