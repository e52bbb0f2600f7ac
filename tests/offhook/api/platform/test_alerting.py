"""Which connection alerts, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

LEADER = "/api/v2/users/alertingleader"


def test_a_connection_that_can_alert_leads_and_another_may_claim_it(platform: Platform) -> None:
    connections = f"/api/v2/apps/users/{platform.id()}/connections"
    assert platform.refused(f"GET {LEADER}") == (404, "not.found")
    for connection in ("one", "two"):
        answer = platform.ask(f"PATCH {connections}/{connection}", {"alertable": True})
        assert answer == (200, {"alertable": True})
    assert platform.get(LEADER)["connectionId"] == "one"
    assert platform.ask(f"PUT {LEADER}")[1]["connectionId"] == "two"
    claim = {"connectionId": "one", "clientType": "desktop"}
    assert platform.ask(f"PUT {LEADER}", claim) == (200, claim)
    assert platform.get(LEADER) == claim


def test_without_a_connection_nothing_can_be_claimed(platform: Platform) -> None:
    assert platform.refused(f"PUT {LEADER}") == (404, "not.found")


@pytest.mark.parametrize(("user", "status"), [("second", 403), ("nobody", 404)])
def test_only_ones_own_connections_alert(platform: Platform, user: str, status: int) -> None:
    user_id = user if user == "nobody" else platform.id(user)
    place = f"PATCH /api/v2/apps/users/{user_id}/connections/one"
    assert platform.ask(place, {"alertable": True})[0] == status


def test_a_service_token_has_no_leader(platform: Platform) -> None:
    assert platform.refused(f"GET {LEADER}", user=None) == (400, "bad.request")
