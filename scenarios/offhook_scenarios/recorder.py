"""Writes the history of one session down while it happens.

It looks at the org through the front: views, fault accounts and journal. It changes nothing.
"""

from collections.abc import Callable

import msgspec

from offhook.domain.org import Org
from offhook.domain.views import DeviceView, Status
from offhook.faults.kinds import PushStallFault
from offhook.faults.rule import RuleSpec
from offhook.server import MockServer
from offhook_scenarios.adapters.adapter import (
    UNAWARE,
    Belief,
    Ending,
    checked_belief,
    checked_ending,
)
from offhook_scenarios.delivery import Delivery
from offhook_scenarios.history import Act, History, Link, Press, Sighting, Trouble, Truth
from offhook_scenarios.ledger import Ledger, Socket
from offhook_scenarios.verdict import is_right


class _Laid(msgspec.Struct, kw_only=True):
    """A fault that is laid out. `until` None: it still is."""

    at: float
    name: str
    rule: RuleSpec
    bites: list[float] = []
    until: float | None = None


class Recorder:
    """The pen. `look` must be called whenever the org may have changed.

    `delivery` reads the desk's bytes, where somebody hands them to it.
    """

    def __init__(
        self,
        server: MockServer,
        *,
        session: str,
        desk: str,
        username: str,
        delivery: Delivery | None = None,
    ) -> None:
        self._server = server
        self._delivery = delivery
        self._journal = server.org.journal
        self._seen: tuple[Org, int] | None = None
        """The org that was looked at last, and its revision then."""
        self._my_tokens: dict[str, bool] = {}
        self._ledger = Ledger(my_device=self._is_my_device, my_token=self._is_my_token)
        self._ledger.follow(self._journal)
        self._presses: list[Press] = []
        self._session = session
        self.desk = desk
        user = server.org.find_user(username)
        assert user is not None, f"the org has no user {username}"
        self._user_id = user.id
        self._began = server.clock.now()
        self._sightings: list[Sighting] = []
        self._truths: list[Truth] = []
        self._last: dict[str, Truth] = {}
        self._acts: list[Act] = []
        self._laid: dict[str, _Laid] = {}
        self._sockets: dict[str, Socket] = {}
        self._strangers: set[str] = set()

    def begin(self) -> None:
        """The judged time begins now. What was so before is what it begins with."""
        self._began = self._now()

    def tell(self, belief: Belief) -> None:
        """The desk believes this now. Saying the same again is no news.

        Raises `TypeError` for what is no `Belief`: at once, while it can be seen who said it.
        """
        checked_belief(belief)
        if not self._sightings or self._sightings[-1].belief != belief:
            self._sightings.append(Sighting(at=self._now(), belief=belief))

    def act(self, who: str, what: str, *, wish: bool | None = None) -> None:
        """Somebody does this now."""
        self._acts.append(Act(at=self._now(), who=who, what=what, wish=wish))

    def press(self, *, muted: bool) -> Callable[[Ending | None], None]:
        """The agent presses the button now. Call what this returns when the client is done.

        That raises `TypeError` for what is no `Ending`.
        """
        self.act("agent", "presses mute" if muted else "presses unmute", wish=muted)
        number = len(self._presses)
        self._presses.append(Press(at=self._now(), muted=muted))

        def done(ending: Ending | None) -> None:
            self._presses[number] = msgspec.structs.replace(
                self._presses[number], ended_at=self._now(), ending=checked_ending(ending)
            )

        return done

    def lay(self, name: str, rule: RuleSpec) -> str:
        """Lay a fault out; returns its id."""
        rule_id = f"{self._session}-{len(self._laid) + 1}"
        self._server.faults.add(rule, id=rule_id)
        self._laid[rule_id] = _Laid(at=self._now(), name=name, rule=rule)
        return rule_id

    def lift(self, rule_id: str) -> None:
        """Take a fault away."""
        self.look()
        self._server.faults.remove(rule_id)
        self._laid[rule_id].until = self._now()

    def ignore_sockets_of(self, token_id: str) -> None:
        """Sockets opened with this token are not the desk's."""
        self._strangers.add(token_id)

    def look(self) -> None:
        """Note what is new in the org."""
        org = self._server.org
        if self._seen == (org, org.revision) and not self._laid:
            return  # As most of the time.
        now = self._now()
        if org.journal is not self._journal:
            self._journal = org.journal
            self._ledger.follow(self._journal)
        if self._seen != (org, org.revision):
            self._seen = org, org.revision
            devices = org.devices(self._user_id)
            present = {device.id for device in devices}
            for device in devices:
                self._note(device, now=now)
            self._note_the_gone(present, now=now)
            self._note_sockets(present, now=now)
        for rule_id, laid in self._laid.items():
            rule = self._server.faults.rule(rule_id)
            if rule is not None:
                laid.bites.extend([now] * (rule.bites - len(laid.bites)))

    def is_right(self) -> bool:
        """Whether the screen claims something now, and it is so."""
        self.look()
        belief = self._sightings[-1].belief if self._sightings else UNAWARE
        return is_right(belief, self._last.values())

    def device(self) -> DeviceView:
        """The agent's newest device. There must be one."""
        device = self.newest_device()
        assert device is not None, "the agent has no device: the script acts too early"
        return device

    def newest_device(self) -> DeviceView | None:
        """The agent's newest device; None while there is none."""
        devices = self._server.org.devices(self._user_id)
        return devices[-1] if devices else None

    def close(self) -> History:
        """The history up to now."""
        self.look()
        ended, delivery = self._now(), self._delivery
        told = History(session=self._session, desk=self.desk, began=self._began, ended=ended)
        if delivery is not None:
            told = msgspec.structs.replace(
                told,
                asks=tuple(delivery.asks),
                answers=tuple(delivery.answers),
                heard=tuple(delivery.heard),
                streams=delivery.streams,
                dials=tuple(delivery.dials),
                watched=True,
            )
        return msgspec.structs.replace(
            told,
            sightings=tuple(self._sightings),
            truths=tuple(self._truths),
            acts=tuple(self._acts),
            troubles=tuple(self._trouble(laid, ended) for laid in self._laid.values()),
            calls=self._ledger.calls(self._began),
            links=self._links(ended),
            presses=tuple(self._presses),
            writes=tuple(self._ledger.writes),
            requests=self._ledger.requests,
        )

    def _is_my_device(self, device_id: str) -> bool:
        device = self._server.org.device(device_id)
        return device_id in self._last or (device is not None and device.user_id == self._user_id)

    def _is_my_token(self, token_id: str) -> bool:
        """Asked of a token at its first request: a restart may make the org forget it."""
        if token_id not in self._my_tokens:
            token = self._server.org.oauth.token_by_id(token_id)
            self._my_tokens[token_id] = token is not None and token.user_id == self._user_id
        return self._my_tokens[token_id] and token_id not in self._strangers

    def _now(self) -> float:
        return self._server.clock.now()

    def _note(self, device: DeviceView, *, now: float) -> None:
        last = self._last.get(device.id)
        if last is None or (last.status, last.muted, last.cause) != (
            device.status,
            device.muted,
            device.cause,
        ):
            truth = Truth(
                at=now,
                device_id=device.id,
                status=device.status,
                muted=device.muted,
                cause=device.cause,
            )
            self._last[device.id] = truth
            self._truths.append(truth)

    def _note_the_gone(self, present: set[str], *, now: float) -> None:
        """The org forgets a device once it is terminated; the history does not."""
        for device_id, truth in self._last.items():
            if device_id in present or truth.status is Status.TERMINATED:
                continue
            gone = msgspec.structs.replace(truth, at=now, status=Status.TERMINATED)
            self._last[device_id] = gone
            self._truths.append(gone)

    def _note_sockets(self, devices: set[str], *, now: float) -> None:
        attached = self._server.org.sockets()
        for view in attached:
            if view.id in self._sockets or view.token_id in self._strangers:
                continue
            if view.device_id in devices:
                self._sockets[view.id] = Socket(at=now)
        present = {view.id for view in attached}
        for socket_id, socket in self._sockets.items():
            if socket.until is None and socket_id not in present:
                socket.until = now

    def _links(self, ended: float) -> tuple[Link, ...]:
        stalls = [
            (bite, bite + (laid.rule.fault.duration_s or ended - bite))
            for laid in self._laid.values()
            if isinstance(laid.rule.fault, PushStallFault)
            for bite in laid.bites
        ]
        # Those of devices are the org's to tell; of the sockets of channels only the journal does.
        sockets = (*self._sockets.values(), *self._ledger.channel_sockets.values())
        return tuple(self._link(socket, stalls, ended) for socket in sockets)

    def _link(self, socket: Socket, stalls: list[tuple[float, float]], ended: float) -> Link:
        """A stall kills the sockets that are open when it bites, and none that come later."""
        until = ended if socket.until is None else socket.until
        return Link(
            at=max(socket.at, self._began),
            until=until,
            stalled=tuple(
                (bite, min(over, until)) for bite, over in stalls if socket.at <= bite < until
            ),
        )

    def _trouble(self, laid: _Laid, ended: float) -> Trouble:
        until = ended if laid.until is None else laid.until
        at = max(laid.at, self._began)
        return Trouble(at=at, until=until, name=laid.name, bites=tuple(laid.bites))
