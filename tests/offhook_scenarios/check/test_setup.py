"""How a session is played."""

import asyncio
import logging
import pickle
import shlex
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.offhook_scenarios.adapters.scripts import script

from offhook_scenarios.adapters.adapter import Adapter, Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.check import setup as module
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.check.setup import Network, PlayError, Setup, play, play_chunk, quiet
from offhook_scenarios.plan.floor import MakeClient, Played
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.sim.ready import Order


def test_a_seed_is_its_generated_plan_and_a_plan_is_itself() -> None:
    setup = Setup(client="reference")
    assert setup.plan(7) == generate(7)
    assert setup.plan(Plan(seed=9)) == Plan(seed=9)


def test_the_order_of_tasks_may_be_another() -> None:
    plan = Setup(client="reference", order=Order.PCT).plan(Plan(seed=9))
    assert plan == Plan(seed=9, order=Order.PCT)


def test_other_processes_are_told_it() -> None:
    setup = Setup(client="naive", order=Order.RANDOM)
    assert pickle.loads(pickle.dumps(setup)) == setup  # noqa: S301 - our own bytes.


def test_a_seed_alone_is_the_same_as_among_others() -> None:
    naive = Setup(client="naive")
    assert play_chunk(naive, [3]) == play_chunk(naive, [2, 3])[1:]


def test_it_can_be_watched() -> None:
    seen: list[Played] = []
    Setup(client="reference").play(Plan(), watch=seen.append)
    assert [history.desk for history in seen[0].histories] == ["desk 1"]


class Unwilling(NaiveDesk):
    """Does not start."""

    async def start(self, _config: Config, _tell: object) -> None:
        raise KeyError("token")


def test_a_client_that_does_not_start_is_told_with_its_place() -> None:
    told = r"seed 4 .* KeyError: 'token' \(.*test_setup.py:\d+, in start"
    with pytest.raises(PlayError, match=told):
        play(Plan(seed=4), lambda _: Unwilling())


class Quitting(NaiveDesk):
    """Ends the whole program."""

    async def start(self, _config: Config, _tell: object) -> None:
        raise SystemExit(7)


class Waiting(NaiveDesk):
    """Is never up."""

    async def start(self, _config: Config, _tell: object) -> None:
        await asyncio.Event().wait()


class Careless(NaiveDesk):
    """Tells a word for a belief."""

    async def start(self, _config: Config, tell: Callable[[Belief], None]) -> None:
        tell("muted")  # type: ignore[arg-type]  # - that is what it does wrong.


@pytest.mark.parametrize(
    ("client", "told"),
    [
        (Quitting, r"SystemExit: 7 \(.*test_setup.py:\d+, in start"),
        (
            Waiting,
            r"start\(\) of desk 1 had not returned after 30 s; it waited in Waiting\.start",
        ),
        (
            Careless,
            r"tell\(\) was given 'muted', which is no Belief \(.*test_setup.py:\d+, in start",
        ),
    ],
)
def test_a_client_that_breaks_the_rules_is_told_what_it_did(
    client: type[Adapter], told: str
) -> None:
    with pytest.raises(PlayError, match=told):
        play(Plan(), lambda _: client())


def test_what_a_client_prints_is_no_part_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "their_talking_desk.py").write_text(
        "from offhook_scenarios.adapters.naive import NaiveDesk\n"
        "print('imported')\n"
        "def make(seed):\n"
        "    print('made')\n"
        "    return NaiveDesk()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    Setup(client="their_talking_desk:make").play(Plan())
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["imported", "made"]


def test_a_client_that_is_not_there_is_told_as_such() -> None:
    with pytest.raises(NoClientError, match="no client 'nobody'"):
        Setup(client="nobody").play(Plan())


def test_findings_are_sent_home_without_their_histories() -> None:
    (judged,) = play_chunk(Setup(client="naive"), [3])
    assert judged.findings
    assert len(msgspec.msgpack.encode(judged)) < 10_000


def test_nothing_is_logged_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    with quiet():
        logging.getLogger("websockets").error("keepalive ping failed")
    logging.getLogger("websockets").error("told")
    assert [record.message for record in caplog.records] == ["told"]


def test_a_client_outside_this_process_is_played_on_the_wire() -> None:
    assert Setup(client="stdio:node desk.js").played_on is Network.WIRE
    assert Setup(client="stdio:node desk.js").is_outside
    assert Setup(client="reference").played_on is Network.SIM
    assert not Setup(client="reference", network=Network.WIRE).is_outside


def test_what_a_client_outside_this_process_logs_is_kept_with_who_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def greet(client: Adapter) -> None:
        assert isinstance(client, RemoteClient)
        await client.greet()
        await client.stop()

    def run(plan: Plan, make: MakeClient, **_: object) -> Judged:
        asyncio.run(greet(make(1)))
        return Judged(plan=plan, findings=(), digest="", elapsed_s=1)

    monkeypatch.setattr(module, "run_plan_on_wire", run)
    command = script(tmp_path, "print('a word', flush=True); serve()")
    judged = Setup(client=f"stdio:{shlex.join(command)}").play(Plan())
    assert judged.log == ("desk 1: script 1", "a word")
