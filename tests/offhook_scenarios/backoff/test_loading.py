"""From words to policies."""

import sys
from pathlib import Path

import pytest

from offhook_scenarios.backoff import loading
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.loading import NoSuchPolicyError, load
from offhook_scenarios.backoff.policy import BrokenPolicyError

MODULE = """
import time
from offhook_scenarios.backoff.waits import Decorrelated
good = lambda attempt, status, headers, elapsed, rng: rng.uniform(0, 2.0 ** attempt)
remembering = Decorrelated(base_s=1.0, cap_s=9.0)
number = 7
def raising(attempt, status, headers, elapsed, rng): return 1 / (attempt - 3)
def strict(attempt, status, headers, elapsed, rng): return float(headers["Retry-After"])
def hanging(*_): time.sleep(2)
def leaving(*_): raise SystemExit(4)
def few(attempt): return 1.0
"""


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(MODULE)
    (tmp_path / "torn.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "mine", raising=False)


@pytest.mark.parametrize("name", CATALOGUE)
def test_names_are_those_of_the_catalogue(name: str) -> None:
    assert load(name) is CATALOGUE[name].policy


@pytest.mark.parametrize("words", ["mine:good", "policy:mine:good", "mine:remembering"])
def test_a_policy_of_ones_own_is_found_in_this_folder(words: str) -> None:
    assert callable(load(words))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("full-jiter", "There is no policy 'full-jiter'. Did you mean full-jitter?"),
        ("xyzzy", "There is no policy 'xyzzy'. There are: none, fixed, exponential, "),
        ("mine:bad", "The module mine has no 'bad'."),
        ("nobodys:bad", "nobodys cannot be imported: No module named 'nobodys'."),
        ("torn:bad", "torn cannot be imported: division by zero."),
        (
            "mine:number",
            "mine:number is of type int; it must be callable as delay(attempt, status,",
        ),
    ],
)
def test_what_cannot_be_found_is_told(words: str, message: str) -> None:
    with pytest.raises(NoSuchPolicyError) as caught:
        load(words)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("mine:raising", "returned -0.5 s, a wait that has passed already"),
        ("mine:strict", "delay(1, 429, {}, 1.000, rng) raised KeyError: 'Retry-After'"),
        ("mine:leaving", "raised SystemExit: 4"),
        ("mine:few", "raised TypeError: few() takes 1 positional argument but 5 were given"),
    ],
)
def test_what_is_broken_is_found_before_it_plays(words: str, message: str) -> None:
    with pytest.raises(BrokenPolicyError) as caught:
        load(words)
    assert message in str(caught.value)


def test_a_policy_that_does_not_return_is_left_behind() -> None:
    sys.path.insert(0, str(Path.cwd()))
    import mine  # type: ignore[import-not-found]  # noqa: PLC0415 - it was written just now.

    with pytest.raises(BrokenPolicyError, match=r"delay\(…\) did not return within 0.05 s"):
        loading._try(mine.hanging, patience_s=0.05)
