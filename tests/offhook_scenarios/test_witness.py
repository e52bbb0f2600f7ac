"""One user's screen in a test, noted beside the truth."""

import pytest

from offhook.adapters.clock import ManualClock
from offhook.domain.inputs import ForceMute, OpenDevice
from offhook.server import MockServer
from offhook_scenarios.witness import Witness


def opened(server: MockServer) -> str:
    user = server.org.find_user("agent")
    assert user is not None
    return server.receive(OpenDevice(user_id=user.id, name="default")).id


async def test_a_lie_is_told_with_its_news_in_order() -> None:
    async with MockServer(seed=1, clock=ManualClock(1_000.0)) as server:
        witness = Witness(server, username="agent")
        device_id = opened(server)
        await server.advance(1)
        witness.tell(shown=False, gate="open")
        server.receive(ForceMute(device_id=device_id, muted=True))
        assert witness.wrong_now()
        await server.advance(3)
        witness.tell("muted", gate="cut")
        assert not witness.wrong_now()
        found = witness.findings(2.0)
        assert [finding.invariant for finding in found] == ["I3"]
        title, lie, _, *news = witness.story(found).splitlines()
        assert title == "The screen of agent did not tell the truth about the microphone:"
        assert lie.strip().startswith("UNHEARD 3.0 s: screen live, caller could not, from 1970-")
        assert [line.split("Z ")[1] for line in news] == [
            "server: initializing, live: the caller cannot hear",
            "server: connected, live: the caller can hear",
            "server: connected, muted by admin: the caller cannot hear",
            "screen: live, gate open",
            "screen: muted, gate cut",
        ]
        assert witness.findings(3.0) == ()
        assert witness.history().sightings[-1].belief.shown == "muted"


async def test_a_screen_that_is_wrong_at_the_end_is_told_however_short_it_was() -> None:
    async with MockServer(seed=1, clock=ManualClock(1_000.0)) as server:
        witness = Witness(server, username="agent")
        opened(server)
        await server.advance(1)
        witness.tell(shown=True)
        (found,) = witness.findings(60.0)
        assert found.invariant == "I2"
        assert "and still does after 60 s" in found.words
        witness.tell(shown=None)
        assert witness.findings(0.0) == ()


async def test_a_word_that_is_none_is_refused() -> None:
    async with MockServer(seed=1) as server:
        witness = Witness(server, username="agent")
        with pytest.raises(ValueError, match="'off' is nothing that a screen says"):
            witness.tell("off")
