"""Playing: the same seed gives the same in virtual time, and sockets are seen in real time."""

import gc
import sys
import time
import warnings

import msgspec

from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.score.bench import Bench
from offhook_scenarios.score.play import broken, play_on_wire, play_simulated
from offhook_scenarios.score.policy_desk import PolicyDesk
from offhook_scenarios.score.probes import PROBES, Probe
from offhook_scenarios.score.seen import WRITES


def desk(seed: int) -> PolicyDesk:
    return PolicyDesk(CATALOGUE["full-jitter"].policy, name="x", seed=seed)


def test_the_same_seed_gives_the_same() -> None:
    def seen(seed: int) -> bytes:
        (found,) = play_simulated([PROBES["seconds"]], desk, clients=3, seed=seed)
        return msgspec.json.encode(found)

    assert seen(7) == seen(7)
    assert seen(7) != seen(8)


async def test_a_client_on_the_wire_is_seen_in_real_time() -> None:
    async def press(bench: Bench) -> None:
        laid = bench.reply(WRITES, 429, retry_after_s=5)
        bench.press(muted=True)
        await bench.watch(60.0, wire_s=0.5)
        laid.lift()
        await bench.watch(60.0, wire_s=1.5)

    probe = Probe(id="seconds", words="", play=press)
    played = play_on_wire([probe], lambda _seed: NaiveDesk(), clients=2, seed=1)
    (seen,) = [each async for each in played]
    assert seen.broken is None
    assert seen.believed == seen.received
    assert [gaps[0] >= 0.98 for gaps in seen.gaps(WRITES)] == [True, True]


def test_a_probe_that_could_not_be_looked_at_says_why() -> None:
    assert broken(PROBES["flap"], 2, "hangs").broken == "hangs"


class Sleeper(PolicyDesk):
    """Blocks its loop, which no simulated client may."""

    async def set_mute(self, muted: bool) -> None:  # noqa: ARG002, FBT001 - the Protocol's signature.
        time.sleep(0.01)  # noqa: ASYNC251 - what is wrong with it.


def sleeper(seed: int) -> Sleeper:
    return Sleeper(CATALOGUE["none"].policy, name="sleeper", seed=seed)


def test_a_client_that_leaves_the_simulation_is_a_finding() -> None:
    (seen,) = play_simulated([PROBES["seconds"]], sleeper, clients=2, seed=1)
    assert seen.broken is not None
    assert "sleep" in seen.broken
    with warnings.catch_warnings():
        # Nobody could close what it had open.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


async def test_a_command_that_exits_is_a_finding_and_no_hang() -> None:
    def exits(_seed: int) -> RemoteClient:
        return RemoteClient(stdio([sys.executable, "-c", "pass"]), name="exits")

    (seen,) = [each async for each in play_on_wire([PROBES["seconds"]], exits, clients=2, seed=1)]
    assert seen.broken is not None
    assert seen.broken.startswith("did not start: LinkError: exits ended with exit code 0")
