"""What a session means on the platform: a call is there, and every name has its counterpart."""

from itertools import chain

import pytest

from offhook.domain.inputs import DropSockets, ForceMute
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import OPERATIONS, MockServer
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sessions.session import LayFault, Session
from offhook_scenarios.stage import NOT_ON_THE_PLATFORM, PLATFORM, PLATFORM_NAMES, TUTORIAL

FAULT = ReplyFault(status=429)


@pytest.mark.parametrize("session", CATALOGUE, ids=lambda session: session.id)
def test_every_fault_of_a_session_has_a_name_on_the_platform(session: Session) -> None:
    for step in session.script:
        if isinstance(step, LayFault):
            PLATFORM.rule(step.rule)


def test_a_rule_keeps_everything_but_its_name() -> None:
    rule = RuleSpec(match=Match(operation="postWebrtcClientMute"), fault=FAULT, skip=1, times=None)
    assert PLATFORM.rule(rule) == RuleSpec(
        match=Match(operation="patchConversationsCallParticipant"), fault=FAULT, skip=1, times=None
    )
    assert PLATFORM.rule(RuleSpec(fault=FAULT)) == RuleSpec(fault=FAULT)
    assert TUTORIAL.rule(rule) is rule


def test_the_operations_named_are_operations() -> None:
    known = {operation.id for operation in OPERATIONS}
    named = set(chain.from_iterable(PLATFORM_NAMES.items())) - {
        "muteChanged",
        "conversations.calls",
    }
    assert named <= known


def test_what_the_platform_does_not_have_is_a_session() -> None:
    assert set(NOT_ON_THE_PLATFORM) <= {session.id for session in CATALOGUE}
    assert all(TUTORIAL.why_not(session) is None for session in CATALOGUE)


def test_a_cut_takes_the_channels_too_and_other_acts_stay() -> None:
    cut, force = DropSockets(device_id="d", code=1006), ForceMute(device_id="d", muted=True)
    assert PLATFORM.act(cut) == DropSockets(device_id=None, code=1006)
    assert PLATFORM.act(force) is force
    assert TUTORIAL.act(cut) is cut


async def test_the_platforms_agent_is_in_a_call_and_the_tutorials_is_not() -> None:
    async with MockServer() as server:
        TUTORIAL.furnish(server, "agent")
        assert server.org.conversations() == ()
        PLATFORM.furnish(server, "agent")
        (conversation,) = server.org.conversations()
        assert [leg.state for leg in conversation.legs] == ["connected"]
