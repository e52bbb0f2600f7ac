"""The org of the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform


@pytest.mark.parametrize("user", ["agent", None])
def test_everybody_may_know_the_org(platform: Platform, user: str | None) -> None:
    organization = platform.get("/api/v2/organizations/me", user=user)
    assert organization["id"] == platform.directory.organization.id
    assert (organization["name"], organization["domain"]) == ("Offhook", "offhook")
    assert organization["state"] == "active"
