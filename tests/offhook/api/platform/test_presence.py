"""Presence and routing status over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.presence import DEFINITIONS

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

ON_QUEUE = next(each.id for each in DEFINITIONS if each.name == "On Queue")


def place(platform: Platform, what: str, user: str = "agent") -> str:
    return f"/api/v2/users/{platform.id(user)}/{what}"


def become(platform: Platform, source: str = "purecloud", **definition: str) -> Any:
    body = {"presenceDefinition": definition}
    status, presence = platform.ask(f"PATCH {place(platform, f'presences/{source}')}", body)
    assert status == 200
    return presence


@pytest.mark.parametrize(
    "path", ["/api/v2/presence/definitions", "/api/v2/presencedefinitions?pageSize=100"]
)
def test_both_listings_have_every_definition(platform: Platform, path: str) -> None:
    entities = platform.get(path)["entities"]
    assert {each["id"]: each["systemPresence"].replace(" ", "") for each in entities} == {
        each.id: each.name.replace(" ", "") for each in DEFINITIONS
    }
    assert not any(each["deactivated"] for each in entities)


def test_the_system_presences_are_a_bare_array(platform: Platform) -> None:
    names = [each["name"] for each in platform.get("/api/v2/systempresences")]
    assert names == [each.name for each in DEFINITIONS]


@pytest.mark.parametrize("source", ["purecloud", "PURECLOUD"])
def test_a_presence_is_set_and_read(platform: Platform, source: str) -> None:
    answer = become(platform, source, id=ON_QUEUE)
    assert answer["presenceDefinition"]["systemPresence"] == "On Queue"
    assert (answer["source"], answer["primary"]) == ("PURECLOUD", True)
    assert platform.get(place(platform, f"presences/{source}")) == answer
    assert platform.get(place(platform, "presences/purecloud"), user="second") == answer


def test_a_message_alone_leaves_the_presence(platform: Platform) -> None:
    become(platform, id=ON_QUEUE)
    path = place(platform, "presences/purecloud")
    _, answer = platform.ask(f"PATCH {path}", {"message": "back soon", "primary": True})
    assert answer["message"] == "back soon"
    assert answer["presenceDefinition"]["id"] == ON_QUEUE


def test_on_queue_makes_idle_and_leaving_it_off_queue(platform: Platform) -> None:
    path = place(platform, "routingstatus")
    assert platform.get(path)["status"] == "OFF_QUEUE"
    become(platform, id=ON_QUEUE)
    assert platform.get(path)["status"] == "IDLE"
    status, answer = platform.ask(f"PUT {path}", {"status": "NOT_RESPONDING"})
    assert (status, answer["status"]) == (200, "NOT_RESPONDING")
    become(platform, systemPresence="Meal")
    assert platform.get(path)["status"] == "OFF_QUEUE"


def test_a_wish_that_the_table_does_not_have_is_a_conflict(platform: Platform) -> None:
    path = place(platform, "routingstatus")
    status, refusal = platform.ask(f"PUT {path}", {"status": "IDLE"})
    assert (status, refusal["code"]) == (409, "general.conflict")
    assert "OFF_QUEUE" in refusal["message"]
    assert platform.ask(f"PUT {path}", {"status": "ASLEEP"})[0] == 400


def test_an_unknown_definition_is_refused(platform: Platform) -> None:
    path = place(platform, "presences/purecloud")
    status, refusal = platform.ask(f"PATCH {path}", {"presenceDefinition": {"id": "none"}})
    assert (status, refusal["code"]) == (400, "invalid.value")
    assert "/api/v2/presence/definitions" in refusal["message"]


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("PATCH", "presences/purecloud", {"message": "x"}),
        ("PATCH", "presences/PURECLOUD", {"message": "x"}),
        ("PUT", "routingstatus", {"status": "OFF_QUEUE"}),
    ],
)
def test_whose_it_is_decides_who_may_set_it(
    platform: Platform, method: str, what: str, body: dict[str, str]
) -> None:
    foreign = f"{method} {place(platform, what, 'second')}"
    assert platform.refused(foreign, body) == (403, "not.authorized")
    assert platform.ask(foreign, body, user=None)[0] == 200
    nobody = f"{method} /api/v2/users/nobody/{what}"
    assert platform.refused(nobody, body) == (404, "not.found")


def test_another_source_is_not_found(platform: Platform) -> None:
    for method in ("GET", "PATCH"):
        asked = f"{method} {place(platform, 'presences/microsoftteams')}"
        assert platform.refused(asked, {"message": "x"}) == (404, "not.found")
