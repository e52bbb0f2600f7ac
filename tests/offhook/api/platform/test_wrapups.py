"""How a conversation is summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.domain.inputs import ChangeCall, StartCall

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

    from offhook.domain.views import ConversationView

PREFIXES = ["/api/v2/conversations", "/api/v2/conversations/calls"]


@pytest.fixture
def view(platform: Platform) -> ConversationView:
    org, now = platform.desk.tenancy.org, platform.desk.now
    return org.receive(StartCall(user_id=platform.id()), now=now)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_code_that_was_given_is_read_back(
    platform: Platform, view: ConversationView, prefix: str
) -> None:
    path = f"{prefix}/{view.id}/participants/{view.participant_id}"
    assert platform.get(f"{path}/wrapup") == {}
    code = platform.get(f"{path}/wrapupcodes")[0]
    participant = f"/api/v2/conversations/calls/{view.id}/participants/{view.participant_id}"
    body = {"wrapup": {"code": code["id"], "notes": "done"}}
    assert platform.ask(f"PATCH {participant}", body) == (202, None)
    assert platform.get(f"{path}/wrapup") == {"code": code["id"], "notes": "done"}
    far = f"{prefix}/{view.id}/participants/{view.far.participant_id}"
    assert platform.get(f"{far}/wrapup") == {}
    ended = ChangeCall(conversation_id=view.id, state="ended")
    platform.desk.tenancy.org.receive(ended, now=platform.desk.now)
    assert "endTime" in platform.get(f"{path}/wrapup")


@pytest.mark.parametrize("what", ["wrapup", "wrapupcodes"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_strangers_and_unknown_ones_are_refused(
    platform: Platform, view: ConversationView, prefix: str, what: str
) -> None:
    own = f"GET {prefix}/{view.id}/participants/{view.participant_id}/{what}"
    assert platform.refused(own, user="second") == (404, "not.found")
    unknown = f"GET {prefix}/{view.id}/participants/none/{what}"
    assert platform.refused(unknown) == (404, "not.found")
    nothing = f"GET {prefix}/none/participants/{view.participant_id}/{what}"
    assert platform.refused(nothing) == (404, "not.found")
