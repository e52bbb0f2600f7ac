"""Which client is scored."""

from pathlib import Path

import pytest

from offhook_scenarios.backoff.loading import NoSuchPolicyError
from offhook_scenarios.backoff.policy import BrokenPolicyError
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.score.clients import find
from offhook_scenarios.score.policy_desk import BLIND


@pytest.mark.parametrize("name", ["reference", "naive"])
def test_the_clients_of_check_are_scored(name: str) -> None:
    scored = find(name)
    assert scored.make(1).name == name
    assert not scored.on_wire
    assert not scored.blind


@pytest.mark.parametrize("name", ["full-jitter", "policy:full-jitter"])
def test_a_policy_is_scored_by_its_name(name: str) -> None:
    scored = find(name)
    assert scored.make(1).name == "full-jitter"
    assert scored.blind == BLIND


def test_a_policy_of_one_s_own_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "def delay(attempt, status, headers, elapsed, rng):\n    return {}\n"
    (tmp_path / "scored_one.py").write_text(text.format("1.0"), encoding="utf-8")
    (tmp_path / "scored_two.py").write_text(text.format("-1.0"), encoding="utf-8")
    assert find("policy:scored_one:delay").make(1).name == "scored_one:delay"
    with pytest.raises(BrokenPolicyError):
        find("policy:scored_two:delay")


def test_of_a_client_outside_this_process_it_is_told_what_cannot_be_judged() -> None:
    (why,) = [find("stdio:python desk.py").blind[rule] for rule in ("B44",)]
    assert why.startswith("a client outside this process has no way to say")


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(NoSuchPolicyError):
        find("policy:no-such")
    with pytest.raises(NoClientError):
        find("nobody")


def test_a_client_in_a_process_of_its_own_is_played_on_the_wire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "scored_remote.py").write_text(
        "import sys\n"
        "from offhook_scenarios.adapters.remote import RemoteClient\n"
        "from offhook_scenarios.adapters.stdio import stdio\n"
        "def make(seed):\n"
        "    return RemoteClient(stdio([sys.executable]), name='mine')\n"
        "def broken(seed):\n"
        "    raise OSError('no')\n",
        encoding="utf-8",
    )
    assert find("scored_remote:make").on_wire
    with pytest.raises(NoClientError, match="made no client: OSError: no"):
        find("scored_remote:broken")
