"""What README and docs show of the command's output is what the command says.

A sample is a console block below `<!-- sample -->`, or below `<!-- sample: WORDS -->` when other
words make it in less time. A line `…` stands for any number of lines. By day the words are
compared, since most numbers hang on the generator; by night the numbers are too, but for those
of the machine. `RECORD_SAMPLES=1 pytest tests/how_to/test_samples.py` puts fresh ones there.
"""

import os
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from offhook.cli import main
from offhook_scenarios.outcome import truth_told
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.simulated import simulate

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SAMPLE = re.compile(
    r"<!-- sample(?:: (?P<instead>.*))? -->\n```console\n\$ offhook (?P<words>.*)\n"
    r"(?P<shown>(?:.*\n)*?)```\n"
)
OWN = re.compile(r"<!-- own: begin -->\n```python\n((?:.*\n)*?)```\n")
WRITTEN_UNDER = (3, 11)
"""The Python whose bytes the numbers are of: another one draws and sends others."""
GAP = "…"
OF_THE_MACHINE = re.compile(
    r"\d+\.\d s (?=\(|for|each)|\(\d+(\.\d)? (a second|s each)\)|(took|once more) \d+\.\d s"
)
ADVISED = re.compile(r"(On what is only assumed: ).*(; that counts)|(Broken: ).*(\.)")


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A console block of a page."""

    page: Path
    words: str
    instead: str | None
    shown: str


SAMPLES = [
    Sample(page=page, words=found["words"], instead=found["instead"], shown=found["shown"])
    for page in PAGES
    for found in SAMPLE.finditer(page.read_text(encoding="utf-8"))
]


def words_of(line: str) -> str:
    """What is left of a line without the numbers, and what is counted by them."""
    line = ADVISED.sub(r"\1\3…\2\4", line)
    return re.sub(r"\d+(\.\d+)?", "#", re.sub(r" +", " ", line)).replace("sessions", "session")


def same_numbers(line: str) -> str:
    """A line without the numbers that differ from run to run."""
    return OF_THE_MACHINE.sub("#", line)


def matched(
    shown: Sequence[str], said: Sequence[str], *, by: Callable[[str], str] = words_of
) -> list[str]:
    """The line that was said for each that is shown; a gap stands for itself.

    Raises `AssertionError` with the first line that nobody said in its place.
    """
    found: list[str] = []
    at, gap = 0, False
    for line in shown:
        if line.strip() == GAP:
            found.append(line)
            gap = True
            continue
        places = range(at, len(said) if gap else min(at + 1, len(said)))
        place = next((each for each in places if by(said[each]) == by(line)), None)
        assert place is not None, f"The page shows a line that is not said there:\n{line}"
        found.append(said[place])
        at, gap = place + 1, False
    assert gap or at == len(said), f"The page leaves out what is said at its end:\n{said[at]}"
    return found


def said_by(sample: Sample, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command says, in a folder that holds `my_desk.py` of the guide."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.path", list(sys.path))
    guide = (ROOT / "docs" / "how-to" / "check-a-client.md").read_text(encoding="utf-8")
    own = OWN.search(guide)
    assert own is not None
    (folder / "my_desk.py").write_text(own[1], encoding="utf-8")
    words = shlex.split(sample.instead or sample.words)
    jobs = ["--jobs", "1"] if words[0] == "check" else []
    done = CliRunner().invoke(main, [*words, *jobs], prog_name="offhook")
    sys.modules.pop("my_desk", None)
    assert done.exit_code in {0, 1}, done.output
    return done.stdout.splitlines()


def named(sample: Sample) -> str:
    return f"{sample.page.name}: {sample.words[:30]}"


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_what_a_page_shows_is_what_is_said(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = said_by(sample, tmp_path, monkeypatch)
    try:
        fresh = matched(sample.shown.splitlines(), said)
    except AssertionError as error:
        raise AssertionError(f"{error}\nSaid was:\n" + "\n".join(said)) from None
    if os.environ.get("RECORD_SAMPLES") == "1" and sample.instead is None:
        text = sample.page.read_text(encoding="utf-8")
        new = "".join(f"{line}\n" for line in fresh)
        sample.page.write_text(text.replace(sample.shown, new), encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.skipif(sys.version_info[:2] != WRITTEN_UNDER, reason="numbers are of another Python")
@pytest.mark.parametrize("sample", [each for each in SAMPLES if not each.instead], ids=named)
def test_its_numbers_are_those_of_this_tree(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = said_by(sample, tmp_path, monkeypatch)
    assert matched(sample.shown.splitlines(), said, by=same_numbers), (
        "RECORD_SAMPLES=1 pytest tests/how_to/test_samples.py puts fresh numbers there."
    )


def test_a_line_that_is_not_said_or_not_there_is_noticed() -> None:
    said = ["1 session in 2.0 s", "a", "b", "c"]
    shown = ["7 sessions in 9.0 s", GAP, "c"]
    assert matched(shown, said) == ["1 session in 2.0 s", GAP, "c"]
    for wrong in (["b", "a"], [GAP, "a", "c"], ["d"], [GAP, "a", GAP, "a"], ["a", "b", "c"]):
        with pytest.raises(AssertionError, match="not said there"):
            matched(wrong, said)
    with pytest.raises(AssertionError, match=r"leaves out what is said at its end:\n +c"):
        matched([GAP, "a", "b"], said)
    with pytest.raises(AssertionError):
        matched(["2 session in 2.0 s", GAP], said, by=same_numbers)


TABLE = re.compile(r"```\nDid the screen tell.*?```\n", re.DOTALL)


def test_the_table_of_the_readme_is_that_of_the_demo() -> None:
    found = TABLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    said, outcomes = [], []
    for number, session in enumerate(CATALOGUE, 1):
        said.append(f"{number} {session.title} {session.evidence.value}")
        for desk in ("naive", "reference"):
            outcomes.append(simulate(session, desk, seed=1).outcome)
            said.append(f"{desk} {outcomes[-1].words}")
    told = truth_told(tuple(outcomes))
    said.append(f"Told the truth: {', '.join(f'{d} {n} of {of}' for d, (n, of) in told.items())}.")
    shown = [line.strip() for line in found[0].splitlines()[2:-1] if line.strip()]
    pieces = [line for line in shown if line != GAP]
    matched(
        [piece for line in pieces for piece in (GAP, line)] + [GAP],
        said,
        by=lambda line: re.sub(r"\d+\.\d s", "#", re.sub(r" +", " ", line)),
    )
