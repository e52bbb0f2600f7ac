"""Reading queries and forms."""

import pytest

from offhook.oauth.errors import OAuthError
from offhook.oauth.parameters import MAX_PARAMETERS, Parameters


def test_names_and_values_are_form_decoded() -> None:
    read = Parameters.read("scope=a+b%20c&state=%C3%BC&redirect_uri=http%3A%2F%2Fx%2F")
    assert read.values == {"scope": "a b c", "state": "ü", "redirect_uri": "http://x/"}


def test_a_parameter_without_a_value_counts_as_absent() -> None:
    read = Parameters.read("scope=&state")
    assert read.get("scope") is None
    assert read.get("state") is None


@pytest.mark.parametrize("text", ["code=a&code=b", "code=a&code=a", "x=&code=1&x="])
def test_a_repeated_parameter_is_an_invalid_request(text: str) -> None:
    read = Parameters.read(text)
    with pytest.raises(OAuthError, match=r"invalid_request.*(code|x) was sent more than once"):
        read.refuse_repeated()
    assert not read.repeated & set(read.values)


def test_parameters_sent_once_are_not_refused() -> None:
    Parameters.read("a=1&b=1").refuse_repeated()


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(OAuthError, match="invalid_request: The parameter code is missing"):
        Parameters.read("grant_type=authorization_code").require("code")


@pytest.mark.parametrize("text", ["a=%FF", "%C3=1", "&".join(["a=1"] * (MAX_PARAMETERS + 1))])
def test_what_cannot_be_read_is_an_invalid_request(text: str) -> None:
    with pytest.raises(OAuthError, match="invalid_request"):
        Parameters.read(text)
