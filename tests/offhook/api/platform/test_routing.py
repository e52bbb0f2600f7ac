"""Queues and wrap-up codes over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

QUEUES = "/api/v2/routing/queues"


def test_queues_are_listed_and_read(platform: Platform) -> None:
    listing = platform.get(QUEUES)
    (queue,) = listing["entities"]
    assert (queue["name"], queue["memberCount"], queue["joinedMemberCount"]) == ("Support", 3, 3)
    assert "joined" not in queue
    assert (listing["total"], listing["pageCount"]) == (1, 1)
    assert platform.get(f"{QUEUES}/{queue['id']}") == queue
    assert platform.refused(f"GET {QUEUES}/none") == (404, "not.found")


def test_a_member_leaves_a_queue_and_joins_it_again(platform: Platform) -> None:
    (queue,) = platform.get(f"{QUEUES}/me")["entities"]
    assert queue["joined"] is True
    path = f"/api/v2/users/{platform.id()}/queues"
    for joined in (False, True):
        status, answer = platform.ask(f"PATCH {path}/{queue['id']}", {"joined": joined})
        assert (status, answer["joined"]) == (200, joined)
        for query, expected in (("", 1), (f"?joined={str(joined).lower()}", 1)):
            assert len(platform.get(f"{path}{query}")["entities"]) == expected
        assert platform.get(f"{path}?joined={str(not joined).lower()}")["entities"] == []
        assert platform.get(f"{QUEUES}/me")["entities"] == [answer]


@pytest.mark.parametrize(
    ("user", "queue", "status"), [("second", "", 403), ("nobody", "", 404), ("agent", "none", 404)]
)
def test_what_cannot_be_joined_is_refused(
    platform: Platform, user: str, queue: str, status: int
) -> None:
    queue_id = queue or platform.directory.queues()[0].id
    user_id = user if user == "nobody" else platform.id(user)
    place = f"PATCH /api/v2/users/{user_id}/queues/{queue_id}"
    assert platform.ask(place, {"joined": True})[0] == status


def test_a_service_token_has_no_queues_of_its_own(platform: Platform) -> None:
    assert platform.refused(f"GET {QUEUES}/me", user=None) == (400, "bad.request")
    assert platform.get(f"/api/v2/users/{platform.id()}/queues", user=None)["total"] == 1


def test_wrap_up_codes_are_listed_for_the_org_and_for_a_queue(platform: Platform) -> None:
    codes = platform.get("/api/v2/routing/wrapupcodes")["entities"]
    assert [each["name"] for each in codes] == ["Resolved", "Follow-up needed"]
    queue = platform.directory.queues()[0]
    assert platform.get(f"{QUEUES}/{queue.id}/wrapupcodes")["entities"] == codes
    assert platform.refused(f"GET {QUEUES}/none/wrapupcodes") == (404, "not.found")
