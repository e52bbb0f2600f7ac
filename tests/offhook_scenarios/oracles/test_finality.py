"""Which answers are the last word."""

import pytest

from offhook_scenarios.oracles.finality import is_final


@pytest.mark.parametrize("status", [400, 403, 405, 422, 501, 505])
def test_these_are(status: int) -> None:
    assert is_final(status)


@pytest.mark.parametrize("status", [200, 204, 401, 404, 408, 409, 412, 425, 429, 500, 502, 503])
def test_these_are_not(status: int) -> None:
    assert not is_final(status)
