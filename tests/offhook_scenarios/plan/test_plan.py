"""Plans: JSON there and back, a schema that agrees, and errors in one sentence."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.plan.plan import (
    Client,
    Cut,
    Expire,
    Fault,
    Force,
    HalfOpen,
    Headset,
    Partition,
    Plan,
    PlanError,
    Press,
    Refuse,
    Restart,
    Slow,
    Step,
    Weather,
    Wire,
    plan_schema,
    read_plan,
    written,
)
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, End, Hold, Lose, When

RULE = RuleSpec(match=Match(operation="postWebrtcClientMute"), fault=ReplyFault(status=503))
STEPS: tuple[Step, ...] = (
    Press(at_s=1, muted=True),
    Headset(at_s=2, desk=2, muted=False),
    Force(at_s=3, muted=True),
    Cut(at_s=4, desk=2),
    Partition(at_s=5, way="up", lasts_s=3),
    Refuse(at_s=6, silent=True, lasts_s=2),
    Fault(at_s=7, rule=RULE, lasts_s=4),
    Cut(at_s=8, side="server", end="fin"),
    HalfOpen(at_s=8),
    HalfOpen(at_s=8, lasts_s=1),
    Slow(at_s=8, way="down", latency_s=0.5, jitter_s=0.2, lasts_s=1),
    Restart(at_s=8, lasts_s=1),
    Restart(at_s=8, keeps_state=False, lasts_s=1),
    Expire(at_s=8, desk=2),
    *(Client(at_s=8, restart=kind) for kind in RestartKind),
)
ACTIONS: tuple[Action, ...] = (
    Delay(delay_s=1),
    Hold(),
    Lose(),
    Drop(),
    Break(keep=3),
    End(),
    Drip(size=4, gap_s=0.5),
)
WHEN = When(way="down", contains="HTTP/1.1 204", link="http", nth=2)
WIRES = tuple(Wire(at_s=1, when=WHEN, action=action, lasts_s=2) for action in ACTIONS)
PLAN = Plan(seed=7, desks=2, weather=Weather(latency_s=0.02), steps=STEPS)


@pytest.mark.parametrize("plan", [Plan(), PLAN, Plan(steps=WIRES), *map(generate, range(50))])
def test_a_plan_goes_to_json_and_back_and_fits_its_schema(plan: Plan) -> None:
    assert read_plan(written(plan)) == plan
    jsonschema.Draft202012Validator(plan_schema()).validate(json.loads(written(plan)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_what_is_as_by_default_is_not_written() -> None:
    assert written(Plan()) == b"{}"
    assert json.loads(written(Plan(steps=STEPS[:1]))) == {
        "steps": [{"do": "press", "atS": 1.0, "muted": True}]
    }


def test_a_wire_step_reads_as_it_is_said() -> None:
    step = {
        "do": "wire",
        "atS": 1.0,
        "when": {"way": "down", "contains": "HTTP/1.1 204", "link": "http", "nth": 2},
        "action": {"do": "delay", "delayS": 1.0},
        "lastsS": 2.0,
    }
    assert json.loads(written(Plan(steps=WIRES[:1])))["steps"] == [step]


def test_it_ends_when_the_last_fault_is_healed() -> None:
    assert Plan().ends_s == 0
    assert PLAN.ends_s == 11


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(written(PLAN)), **fields}).encode()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"{", "cannot be read: it is no JSON: Expecting property name .*: line 1 column 2"),
        (b'{"policies": {"\xff": 1}}', "cannot be read: 'utf-8' codec can't decode byte 0xff"),
        (b'{"policies": {"a": ' + b"[" * 100_000, "cannot be read: maximum recursion depth"),
        (changed(version=2), "it is a plan of version 2, and version 1 is read here"),
        (changed(speed=2), "unknown field `speed`"),
        (changed(desks=9), r"Expected `int` <= 3 - at `\$\.desks`"),
        (changed(desks=1), "Step 2 is about desk 2, and the plan has desks 1 to 1"),
        (
            changed(steps=[{"do": "dance", "atS": 1}]),
            "step 1 does 'dance', and there are press, headset, force",
        ),
        (changed(steps=[{"do": "cut", "atS": -1}]), r"Expected `float` >= 0.0 - at `\$\.steps\[0"),
        (changed(steps=[{"do": "client", "atS": 1, "restart": "nap"}]), "Invalid enum value 'nap'"),
        (changed(steps=[{"do": "wire", "atS": 1, "lastsS": 1}]), "missing required field `action`"),
        (
            changed(steps=[{"do": "wire", "atS": 1, "action": {"do": "melt"}, "lastsS": 1}]),
            "Invalid value 'melt'",
        ),
        (
            changed(
                steps=[
                    {
                        "do": "wire",
                        "atS": 1,
                        "action": {"do": "end"},
                        "lastsS": 1,
                        "when": {"nth": 0},
                    }
                ]
            ),
            r"Expected `int` >= 1 - at `\$\.steps\[0\]\.when\.nth`",
        ),
        (changed(policies={"tempo": 1}), "policies: There is no policy 'tempo'"),
    ],
)
def test_a_plan_that_cannot_be_played_is_refused_with_one_sentence(text: bytes, error: str) -> None:
    with pytest.raises(PlanError, match=error) as caught:
        read_plan(text)
    assert str(caught.value).endswith(".")


def test_a_plan_cannot_know_the_id_of_a_device() -> None:
    rule = msgspec.structs.replace(RULE, match=Match(client_id="6c1f"))
    plan = Plan(steps=(Fault(at_s=1, rule=rule, lasts_s=1),))
    with pytest.raises(PlanError, match="names a clientId"):
        read_plan(written(plan))


@pytest.mark.parametrize(
    ("match", "error"),
    [
        (
            Match(operation="postWebrtcClientMut"),
            "Step 1 names the operation .*postWebrtcClientMute",
        ),
        (Match(operation="muteChanged"), "Step 1 names the operation 'muteChanged'"),
    ],
)
def test_a_fault_that_could_never_bite_is_refused(match: Match, error: str) -> None:
    rule = msgspec.structs.replace(RULE, match=match)
    with pytest.raises(PlanError, match=error):
        read_plan(written(Plan(steps=(Fault(at_s=1, rule=rule, lasts_s=1),))))


def test_the_published_schema_is_that_of_the_code() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "plan.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == json.loads(json.dumps(plan_schema())), (
        "Write json.dumps(plan_schema(), indent=2, ensure_ascii=False) to it."
    )
