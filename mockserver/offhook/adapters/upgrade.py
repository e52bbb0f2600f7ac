"""The life of one event socket: handshake, attach, read until the end, detach."""

from aiohttp import web

from offhook.adapters.pump import Pump
from offhook.adapters.reply import written
from offhook.adapters.socket import EventSocket, handshake, read
from offhook.api.exchange import ChannelUpgrade, Upgrade
from offhook.api.notifications import read_report
from offhook.api.platform.topics import read_message
from offhook.api.refusal import refusal_answer
from offhook.domain.channel_inputs import AttachChannel
from offhook.domain.close_codes import GONE
from offhook.domain.errors import DomainError
from offhook.domain.inputs import AttachSocket
from offhook.tenancy import Tenancy

_SPOKEN = (("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"))


class SocketShell:
    """Serves the event sockets of one org's listener."""

    def __init__(self, tenancy: Tenancy, pump: Pump) -> None:
        self._tenancy = tenancy
        self._pump = pump

    async def serve(
        self,
        request: web.BaseRequest,
        upgrade: Upgrade | ChannelUpgrade,
        *,
        correlation_id: str,
    ) -> web.StreamResponse:
        """Upgrade the connection and stay with it until it ends."""
        ws = handshake(upgrade)
        if not ws.can_prepare(request):
            refusal = DomainError(
                "upgrade.required",
                "The handshake needs Connection: Upgrade, Upgrade: websocket, "
                "Sec-WebSocket-Version: 13 and a Sec-WebSocket-Key of 16 bytes in base64.",
                headers=_SPOKEN,
            )
            answer = refusal_answer(refusal, correlation_id)
            return await written(request, answer, now=self._pump.now())
        try:
            await ws.prepare(request)
        except ConnectionError:
            return ws
        transport = request.transport
        if transport is None:
            return ws
        socket = EventSocket(
            upgrade, id=self._tenancy.org.entropy.id("socket"), transport=transport
        )
        self._record(socket, what="open")
        self._attach(socket, upgrade)
        try:
            code = await read(ws, socket, self._take)
        finally:
            self._pump.delivery.detach(socket.id, now=self._pump.now())
        self._record(socket, what="closed", code=code)
        return ws

    def _attach(self, socket: EventSocket, upgrade: Upgrade | ChannelUpgrade) -> None:
        attach: AttachSocket | AttachChannel
        if isinstance(upgrade, ChannelUpgrade):
            attach = AttachChannel(socket_id=socket.id, channel_id=upgrade.channel_id)
        else:
            attach = AttachSocket(
                socket_id=socket.id,
                device_id=upgrade.device_id,
                role=upgrade.role,
                token_id=upgrade.token_id,
                since=upgrade.since,
            )
        self._pump.delivery.attach(socket)
        try:
            self._tenancy.org.receive(attach, now=self._pump.now())
        except DomainError as error:
            # The device has gone between the request and the end of the handshake.
            socket.close(GONE, error.message)
        self._pump.flush()

    def _take(self, socket: EventSocket, message: str | bytes) -> None:
        if socket.code is not None:
            return
        text = message if isinstance(message, str) else message.decode(errors="replace")
        self._record(socket, kind="frame-in", frame=text)
        understand = read_message if socket.device_id is None else read_report
        self._tenancy.org.receive(understand(socket.id, message), now=self._pump.now())
        self._pump.flush()

    def _record(self, socket: EventSocket, *, kind: str = "socket", **facts: object) -> None:
        self._tenancy.org.journal.record(
            kind,
            at=self._pump.now(),
            socket_id=socket.id,
            client_id=socket.device_id,
            token_id=socket.token_id,
            **facts,
        )
