"""A process of its own: a client that ends or hangs it is a finding."""

import sys
from pathlib import Path

import pytest

from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.run import run
from offhook_scenarios.score.seen import WRITES

POLICY = """
import os, time
def delay(attempt, status, headers, elapsed, rng):
    {}
    return 1.0
"""


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


PROBE = [PROBES["seconds"]]


def test_what_was_seen_comes_back() -> None:
    (seen,) = run("tutorial", PROBE, clients=2, seed=1)
    assert seen.broken is None
    assert len(seen.of(WRITES)) == 4


def test_a_client_that_ends_the_process_is_a_finding(policy: Path) -> None:
    lethal = POLICY.format("if elapsed and elapsed < 0.5: os._exit(7)")
    (policy / "lethal_policy.py").write_text(lethal, encoding="utf-8")
    (seen,) = run("policy:lethal_policy:delay", PROBE, clients=2, seed=1)
    assert seen.broken == "it ended its process, with exit code 7"


def test_a_client_that_hangs_is_a_finding(policy: Path) -> None:
    hanging = POLICY.format("while 0 < elapsed < 0.5: pass")
    (policy / "hanging_policy.py").write_text(hanging, encoding="utf-8")
    (seen,) = run("policy:hanging_policy:delay", PROBE, clients=2, seed=1, patience_s=2.0)
    assert seen.broken is not None
    assert "hangs" in seen.broken
    sys.modules.pop("hanging_policy", None)
