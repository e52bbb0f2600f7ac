"""Which engine plays what, and what of it becomes a result."""

import importlib.util
from typing import Any

import pytest

from offhook_scenarios.backoff import lab, one_by_one
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.lab import Engine, Experiment, Limit, judge
from offhook_scenarios.backoff.servers import BacklogAware, FixedWindow, Outage, TokenBucket

FULL = CATALOGUE["full-jitter"].policy


def experiment(**changes: Any) -> Experiment:
    values: dict[str, Any] = {
        "herd": Herd(clients=300),
        "limit": Limit.TOKEN_BUCKET,
        "capacity_per_s": 30.0,
        **changes,
    }
    return Experiment(**values)


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        (Limit.TOKEN_BUCKET, TokenBucket),
        (Limit.FIXED_WINDOW, FixedWindow),
        (Limit.BACKLOG_AWARE, BacklogAware),
    ],
)
def test_each_limit_has_its_server_of_the_capacity(limit: Limit, kind: type) -> None:
    server = experiment(limit=limit).server()
    assert type(server) is kind
    assert server.capacity_per_s == 30.0
    down = experiment(limit=limit, outage_s=5.0).server()
    assert isinstance(down, Outage)
    assert type(down.after) is kind


@pytest.mark.parametrize(
    ("limit", "asked", "kept"),
    [
        (Limit.TOKEN_BUCKET, 0.01, 0.01),
        (Limit.FIXED_WINDOW, 0.01, 0.1),
        (Limit.FIXED_WINDOW, 12.34, 12.3),
    ],
)
def test_the_capacity_is_the_servers_own(limit: Limit, asked: float, kept: float) -> None:
    assert lab.kept(limit, asked) == kept
    assert experiment(limit=limit, capacity_per_s=kept).server().capacity_per_s == kept


def test_all_engines_give_one_answer() -> None:
    results = [judge("full", FULL, experiment(engine=engine)) for engine in Engine]
    by_engine = dict(zip(Engine, results, strict=True))
    assert by_engine[Engine.AUTO] == by_engine[Engine.PYTHON] == by_engine[Engine.NUMPY]
    fluid, exact = by_engine[Engine.FLUID].figures, by_engine[Engine.PYTHON].figures
    assert fluid is not None
    assert exact is not None
    assert fluid.calls_per_client == pytest.approx(exact.calls_per_client, rel=0.1)


def test_a_large_herd_goes_to_numpy_and_a_small_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lab, "LARGE", 300)
    monkeypatch.setattr(one_by_one, "run", None)
    assert judge("full", FULL, experiment()).figures is not None
    with pytest.raises(TypeError):
        judge("full", FULL, experiment(herd=Herd(clients=299)))


def test_without_numpy_python_plays_and_the_others_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lab, "LARGE", 1)
    monkeypatch.setattr(lab, "find_spec", lambda name: importlib.util.find_spec(f"no_{name}"))
    assert judge("full", FULL, experiment()).figures is not None
    with pytest.raises(lab.NoNumpyError, match=r"numpy engine needs numpy: pip install 'offhook\["):
        judge("full", FULL, experiment(engine=Engine.NUMPY))


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        (None, {"engine": Engine.NUMPY}, "a function needs --engine python"),
        (None, {"engine": Engine.FLUID}, "a function needs --engine python"),
        ("decorrelated", {"engine": Engine.FLUID}, "cannot play a policy that remembers"),
        (
            "full-jitter",
            {"engine": Engine.FLUID, "limit": Limit.BACKLOG_AWARE},
            "The fluid model has no BacklogAware",
        ),
    ],
)
def test_what_an_engine_cannot_play_is_said(
    name: str | None, changes: dict[str, Any], words: str
) -> None:
    policy = CATALOGUE[name].policy if name else lambda *_: 1.0
    with pytest.raises(lab.WrongEngineError, match=words):
        judge("it", policy, experiment(**changes))


def test_a_broken_policy_is_a_result_with_a_finding() -> None:
    result = judge("it", lambda *_: -1.0, experiment())
    assert result.figures is None
    assert result.finding is not None
    assert "returned -1 s" in result.finding


def test_a_run_that_was_ended_is_a_finding_with_figures() -> None:
    result = judge("it", lambda *_: 0.0, experiment(herd=Herd(clients=20), capacity_per_s=0.1))
    assert result.figures is not None
    assert result.finding == "a flood: more than 500 calls for each client"


def test_collapse_is_looked_for_when_asked() -> None:
    result = judge("none", CATALOGUE["none"].policy, experiment(collapse=True))
    assert result.finding is None
    assert result.collapse is not None
    assert result.collapse.recovers_up_to > 0.8
    assert result.collapse.steps[-1].load == 1.2
