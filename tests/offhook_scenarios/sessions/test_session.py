"""Other hands: what each of them puts through the server's door."""

import pytest

from offhook.domain.inputs import (
    DropDevice,
    DropSockets,
    EndSession,
    ForceMute,
    Input,
    LocalMute,
    OpenDevice,
)
from offhook.domain.views import Cause, DeviceView, Status
from offhook_scenarios.sessions.session import (
    Hand,
    headset,
    network_cuts_sockets,
    server_drops_device,
    server_ends_session,
    server_restarts_device,
    supervisor,
)

DEVICE = DeviceView(
    id="d1",
    name="default",
    user_id="u1",
    status=Status.CONNECTED,
    audio_level=0.0,
    muted=False,
    version=None,
    last_intent=None,
    cause=None,
    forced=False,
)

HANDS: list[tuple[Hand, str, Input[object]]] = [
    (
        supervisor(3, muted=True),
        "supervisor mutes the agent",
        ForceMute(device_id="d1", muted=True),
    ),
    (
        supervisor(3, muted=False),
        "supervisor unmutes the agent",
        ForceMute(device_id="d1", muted=False),
    ),
    (
        headset(3, muted=True),
        "headset mutes",
        LocalMute(device_id="d1", muted=True, cause=Cause.HEADSET, gesture=True),
    ),
    (
        headset(3, muted=False),
        "headset unmutes",
        LocalMute(device_id="d1", muted=False, cause=Cause.HEADSET, gesture=True),
    ),
    (server_drops_device(3), "server holds the link for lost", DropDevice(device_id="d1")),
    (
        server_restarts_device(3),
        "server restarts the device",
        OpenDevice(user_id="u1", name="default"),
    ),
    (server_ends_session(3), "server ends the session", EndSession(device_id="d1")),
    (
        network_cuts_sockets(3),
        "network cuts the socket",
        DropSockets(device_id="d1", code=1006),
    ),
]


@pytest.mark.parametrize(("hand", "words", "item"), HANDS, ids=[words for _, words, _ in HANDS])
def test_a_hand_acts_on_the_agents_device(hand: Hand, words: str, item: Input[object]) -> None:
    assert hand.at_s == 3
    assert f"{hand.who} {hand.what}" == words
    assert hand.act(DEVICE) == item
