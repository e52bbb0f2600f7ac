"""Plays one session with one desk: a server of its own, a client, a script, a verdict."""

import asyncio
import contextlib
from collections.abc import Callable

import aiohttp
import msgspec

from offhook.domain.inputs import LocalMute
from offhook.domain.views import Cause
from offhook.oauth.inputs import MintToken
from offhook.server import MockServer, SurroundingsError
from offhook.settings import DEFAULT, OrgSettings
from offhook_scenarios.adapters.adapter import Adapter, Config, Ending
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.history import History
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.recorder import Recorder
from offhook_scenarios.sessions.session import Hand, LayFault, Press, SecondTab, Session, Step
from offhook_scenarios.stage import TUTORIAL, Stage
from offhook_scenarios.verdict import EXPOSURE_BUDGET_S, judge

DESKS: dict[str, Callable[[int], Adapter]] = {
    "naive": lambda _seed: NaiveDesk(),
    "reference": lambda seed: ReferenceDesk(seed=seed),
}
"""The desks of the demo: name to factory, which is given a seed."""

START_WITHIN_S = 30.0
"""A desk that has not started by then is a failure of the machinery. Seconds of the loop."""


async def play(
    session: Session, desk: str, *, seed: int, budget_s: float = EXPOSURE_BUDGET_S
) -> Outcome:
    """Play `session` with the desk of that name, on the running loop. Never raises.

    The loop's clock is the clock of the session: on a fast loop minutes pass in seconds.
    """
    return await play_with(
        lambda: DESKS[desk](seed), session, desk, stage=TUTORIAL, seed=seed, budget_s=budget_s
    )


async def play_with(
    make: Callable[[], Adapter],
    session: Session,
    desk: str,
    *,
    stage: Stage,
    seed: int,
    budget_s: float = EXPOSURE_BUDGET_S,
    org: OrgSettings = DEFAULT,
) -> Outcome:
    """The same with a desk of any dialect, which `make` makes, and any org. Never raises."""
    why_not = stage.why_not(session)
    if why_not is not None:
        return Outcome(session=session, desk=desk, not_played=why_not)
    try:
        history = await _Play(session, make(), stage=stage, seed=seed, org=org).run()
    except SurroundingsError as error:
        return Outcome(session=session, desk=desk, error=str(error))
    except Exception as error:  # noqa: BLE001 - whatever broke is a row of its own, never "ok".
        return Outcome(session=session, desk=desk, error=f"{type(error).__name__}: {error}")
    verdict = judge(history, budget_s=budget_s)
    return Outcome(session=session, desk=desk, history=history, verdict=verdict)


class MachineryError(Exception):
    """The mock itself broke while it was judging."""


class _Play:
    def __init__(
        self, session: Session, adapter: Adapter, *, stage: Stage, seed: int, org: OrgSettings
    ) -> None:
        self._session = session
        self._adapter = adapter
        self._stage = stage
        self._server = MockServer(_settings(session, org), seed=seed)
        self._loop = asyncio.get_running_loop()
        self._presses: list[asyncio.Task[None]] = []

    async def run(self) -> History:
        async with self._server, contextlib.AsyncExitStack() as self._open:
            config = Config(api=self._server.url)
            self._recorder = Recorder(
                self._server,
                session=self._session.id,
                desk=self._adapter.name,
                username=config.username,
            )
            self._server.on_change(self._recorder.look)
            self._stage.furnish(self._server, config.username)
            try:
                history = await self._judged_time(config)
            finally:
                try:
                    await self._adapter.stop()
                finally:
                    broken = await self._end_presses()
            if broken:
                raise broken[0]
            if self._server.errors:
                raise MachineryError(f"the mock broke: {self._server.errors[0].facts}")
            return history

    async def _judged_time(self, config: Config) -> History:
        script = list(self._session.script)
        while script and script[0].at_s == 0:
            await self._perform(script.pop(0))
        async with asyncio.timeout(START_WITHIN_S):
            await self._adapter.start(config, self._recorder.tell)
        self._began = self._loop.time()
        self._recorder.begin()
        for step in script:
            await self._until(step.at_s)
            await self._perform(step)
        await self._until(self._session.length_s)
        return self._recorder.close()

    async def _until(self, at_s: float) -> None:
        await asyncio.sleep(max(0.0, self._began + at_s - self._loop.time()))

    async def _perform(self, step: Step) -> None:
        recorder = self._recorder
        match step:
            case Press(muted=muted):
                done = recorder.press(muted=muted)
                self._presses.append(asyncio.create_task(self._press(done, muted=muted)))
            case LayFault(name=name, rule=rule, lasts_s=lasts_s):
                rule_id = recorder.lay(name, self._stage.rule(rule))
                if lasts_s is not None:
                    self._loop.call_later(lasts_s, recorder.lift, rule_id)
            case Hand(who=who, what=what, act=act):
                recorder.act(who, what)
                self._server.receive(self._stage.act(act(recorder.device())))
            case SecondTab():
                await self._open_second_tab(step)
            case _:
                raise AssertionError(f"no script has a {type(step).__name__}")

    async def _press(self, done: Callable[[Ending | None], None], *, muted: bool) -> None:
        done(await self._adapter.set_mute(muted))

    async def _open_second_tab(self, step: SecondTab) -> None:
        """Over the wire, with a token of its own; it stays open until it is replaced."""
        recorder, server = self._recorder, self._server
        device = recorder.device()
        minted = server.receive(MintToken(user=device.user_id))
        recorder.ignore_sockets_of(minted.token.id)
        recorder.act("second tab", "opens and mutes" if step.muted else "opens and unmutes")
        session = await self._open.enter_async_context(aiohttp.ClientSession(server.url))
        socket = await session.ws_connect(
            f"/api/v2/webrtc/clients/{device.id}/events",
            params={"role": "device"},
            headers={"Authorization": f"Bearer {minted.secret}"},
        )
        await socket.receive()
        server.receive(LocalMute(device_id=device.id, muted=step.muted, cause=Cause.SELF))

    async def _end_presses(self) -> list[Exception]:
        """A press that the desk has not finished is given up. Returns how others broke.

        All are looked at, also when the desk itself broke: asyncio logs what nobody looked at.
        """
        for press in self._presses:
            press.cancel()
        results = await asyncio.gather(*self._presses, return_exceptions=True)
        return [result for result in results if isinstance(result, Exception)]


def _settings(session: Session, org: OrgSettings) -> OrgSettings:
    """The org with the session's policies and the grant that the tutorial uses."""
    policies = org.policies.changed({**session.policies, "allow_password_grant": True})
    return msgspec.structs.replace(org, policies=policies)
