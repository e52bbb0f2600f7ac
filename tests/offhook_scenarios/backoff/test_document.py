"""The report as JSON."""

import json

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.document import document
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.lab import Experiment, Limit, Result, judge

ASKED = Experiment(
    herd=Herd(clients=500, seed=4),
    limit=Limit.TOKEN_BUCKET,
    capacity_per_s=10.0,
    outage_s=2.0,
    collapse=True,
)


def test_everything_is_in_it_and_can_be_json() -> None:
    played = judge("tutorial", CATALOGUE["tutorial"].policy, ASKED)
    broken = Result(name="mine:delay", broken="It raised.")
    told = json.loads(json.dumps(document([played, broken], ASKED), allow_nan=False))
    first, second = told.pop("policies")
    assert told == {
        "clients": 500,
        "seed": 4,
        "server": "token-bucket",
        "capacityPerS": 10.0,
        "outageS": 2.0,
        "idealS": 50.0,
    }
    assert first["policy"] == "tutorial"
    assert first["finding"] is None
    assert first["figures"]["callsPerClient"] == 1.0
    assert first["figures"]["gaveUp"] == 1.0
    assert first["figures"]["callsPerSuccess"] is None
    assert sum(first["arrivals"]) == 500
    assert 0.5 < first["recoversUpTo"] <= 1.0
    assert first["ramp"][0].keys() == {"load", "up", "down"}
    assert second == {
        "policy": "mine:delay",
        "finding": "It raised.",
        "figures": None,
        "arrivals": None,
        "recoversUpTo": None,
        "ramp": None,
    }
