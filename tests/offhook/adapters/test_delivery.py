"""From the org's outbox to the wires."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.adapters.frames import close_frame
from offhook.adapters.socket import HIGH_WATER
from offhook.domain.inputs import DropSockets, LocalMute, PushEvent, SocketReport
from offhook.domain.views import Cause, Role
from offhook.faults.rule import Rule
from offhook.server import MockServer
from offhook.testing.seen import events_of

Attach = Callable[..., Any]


def levels(server: MockServer, device: Any, *values: float) -> None:
    """Let the device report audio levels, each flushed by itself."""
    for value in values:
        server.receive(SocketReport(socket_id=device.id, kind="audioLevel", level=value))


def push(server: MockServer, device_id: str, body: bytes = b'{"type":"x"}') -> None:
    server.receive(PushEvent(device_id=device_id, body=body))


async def test_a_new_socket_hears_that_it_is_subscribed(attach: Attach) -> None:
    assert attach().wire.types == ["subscribed"]


async def test_sockets_are_written_the_very_same_bytes(
    server: MockServer, attach: Attach, device_id: str
) -> None:
    sockets = [attach(), attach(Role.OBSERVER), attach(Role.OBSERVER)]
    push(server, device_id)
    frames = [socket.wire.written[-1] for socket in sockets]
    assert frames[0] == frames[1] == frames[2]
    assert frames[0] is frames[1]


async def test_what_the_org_closes_is_closed_and_forgotten(
    server: MockServer, attach: Attach
) -> None:
    socket = attach()
    assert server.receive(DropSockets(device_id=None, code=4404)) == 1
    assert socket.wire.written[-1][2:4] == (4404).to_bytes(2, "big")
    assert server._pump.delivery.sockets == ()
    assert server.org.sockets() == ()


async def test_a_second_device_socket_evicts_the_first(attach: Attach) -> None:
    first, second = attach(), attach()
    assert (first.code, second.code) == (4409, None)


async def test_a_reader_who_lets_too_much_wait_is_closed(
    server: MockServer, attach: Attach, device_id: str
) -> None:
    socket = attach()
    socket.wire.backlog = HIGH_WATER
    push(server, device_id)
    codes = [socket.code]
    socket.wire.backlog = HIGH_WATER + 1
    push(server, device_id)
    assert [*codes, socket.code] == [None, 4413]
    assert socket.wire.written[-1] == close_frame(4413, "The reader is too slow.")


async def test_of_audio_levels_a_lagging_reader_gets_only_the_latest(
    server: MockServer, attach: Attach
) -> None:
    device, socket = attach(), attach(Role.OBSERVER)
    socket.wire.backlog = 1
    levels(server, device, 0.1, 0.2, 0.3)
    assert socket.wire.types == ["subscribed"]
    socket.wire.backlog = 0
    server._pump.flush()
    assert [message.get("level") for message in socket.wire.messages] == [None, 0.3]


async def test_a_reader_who_keeps_up_gets_every_audio_level(
    server: MockServer, attach: Attach
) -> None:
    device, socket = attach(), attach(Role.OBSERVER)
    levels(server, device, 0.1, 0.2)
    assert [message.get("level") for message in socket.wire.messages] == [None, 0.1, 0.2]


async def test_a_level_for_a_socket_that_ended_is_forgotten(
    server: MockServer, attach: Attach
) -> None:
    device, socket = attach(), attach(Role.OBSERVER)
    socket.wire.backlog = 1
    levels(server, device, 0.1)
    server.receive(DropSockets(device_id=None, code=1000))
    socket.wire.backlog = 0
    server._pump.flush()
    assert socket.wire.types == ["subscribed"]


@pytest.mark.parametrize(
    ("fault", "written"),
    [
        ({"kind": "push-drop"}, []),
        ({"kind": "push-duplicate"}, [b'{"type":"x"}', b'{"type":"x"}']),
        ({"kind": "push-garble"}, [b'{"type']),
    ],
)
async def test_a_fault_changes_what_is_written_and_its_bite_is_counted(
    *,
    server: MockServer,
    attach: Attach,
    device_id: str,
    add_fault: Callable[..., Rule],
    fault: dict[str, Any],
    written: list[bytes],
) -> None:
    socket = attach()
    rule = add_fault(fault, match={"operation": "x"})
    push(server, device_id)
    assert [frame[2:] for frame in socket.wire.written[1:]] == written
    kept = server.faults.rule(rule.id)
    assert kept is not None
    assert kept.bites == 1


async def test_a_delayed_frame_goes_out_at_its_time_and_what_is_behind_it_after_it(
    server: MockServer, attach: Attach, device_id: str, add_fault: Callable[..., Rule]
) -> None:
    socket = attach()
    add_fault({"kind": "push-delay", "delayS": 2}, match={"operation": "x"})
    push(server, device_id)
    push(server, device_id, b'{"type":"y"}')
    await server.advance(1.9)
    assert socket.wire.types == ["subscribed"]
    await server.advance(0.2)
    assert [kind for kind in socket.wire.types if kind in {"x", "y"}] == ["x", "y"]


async def test_a_stall_stops_reading_and_writing_until_it_ends(
    server: MockServer, attach: Attach, device_id: str, add_fault: Callable[..., Rule]
) -> None:
    socket = attach()
    add_fault({"kind": "push-stall", "durationS": 3}, match={"operation": "x"})
    push(server, device_id)
    assert (socket.wire.deeds, socket.wire.types) == (["pause"], ["subscribed"])
    await server.advance(3)
    assert socket.wire.deeds == ["pause", "resume"]
    assert "x" in socket.wire.types


async def test_a_fault_can_close_the_socket(
    server: MockServer, attach: Attach, device_id: str, add_fault: Callable[..., Rule]
) -> None:
    socket = attach()
    add_fault({"kind": "push-close", "code": 1011}, match={"operation": "x"})
    push(server, device_id)
    assert (socket.code, server.org.sockets()) == (1011, ())


async def test_after_a_reset_the_sockets_of_the_old_org_are_closed_with_1012(
    server: MockServer, attach: Attach
) -> None:
    socket = attach()
    server.reset()
    assert (socket.code, server._pump.delivery.sockets) == (1012, ())


async def test_lifted_faults_let_out_what_they_held_back(
    server: MockServer, attach: Attach, device_id: str, add_fault: Callable[..., Rule]
) -> None:
    socket = attach()
    add_fault({"kind": "push-delay", "delayS": 60}, match={"operation": "x"})
    push(server, device_id)
    assert "x" not in socket.wire.types
    server.lift_faults()
    assert "x" in socket.wire.types


async def test_what_was_written_is_in_the_journal_with_the_socket_and_the_device(
    server: MockServer, attach: Attach, device_id: str
) -> None:
    socket = attach()
    push(server, device_id)
    entry = server.org.journal.entries(kind="frame-out", client_id=device_id)[-1]
    assert entry.facts == {
        "socket_id": socket.id,
        "client_id": device_id,
        "token_id": socket.token_id,
        "frame": '{"type":"x"}',
    }


async def test_a_frame_for_several_sockets_is_one_entry_that_names_them(
    server: Any, attach: Any, device_id: str
) -> None:
    sockets = [attach(Role.OBSERVER) for _ in range(3)]
    server.receive(LocalMute(device_id=device_id, muted=True, cause=Cause.NATIVE))
    entry = server.org.journal.entries(kind="frame-out", client_id=device_id)[-1]
    assert entry.facts["socket_ids"] == [socket.id for socket in sockets]
    assert "muteChanged" in str(entry.facts["frame"])
    heard = [event.socket_id for event in events_of(server) if event.type == "muteChanged"]
    assert heard == [socket.id for socket in sockets]


async def test_of_several_readers_only_those_too_far_behind_are_closed(
    server: MockServer, attach: Attach, device_id: str
) -> None:
    sockets = [attach(Role.OBSERVER) for _ in range(3)]
    sockets[1].wire.backlog = HIGH_WATER + 1
    push(server, device_id)
    push(server, device_id)
    assert [socket.code for socket in sockets] == [None, 4413, None]
    assert [socket.wire.types[-2:] for socket in (sockets[0], sockets[2])] == [["x", "x"]] * 2


async def test_a_secret_in_a_frame_for_several_sockets_is_not_in_the_journal(
    server: MockServer, attach: Attach, device_id: str
) -> None:
    """People put tokens everywhere, also into what they have pushed."""
    for _ in range(2):
        attach(Role.OBSERVER)
    secret = server.token()
    push(server, device_id, f'{{"type":"{secret}"}}'.encode())
    entry = server.org.journal.entries(kind="frame-out", client_id=device_id)[-1]
    assert entry.facts["frame"] == '{"type":"[redacted]"}'
    assert len(entry.facts["socket_ids"]) == 2  # type: ignore[arg-type]  # - it is a list.
