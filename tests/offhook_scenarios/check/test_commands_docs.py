"""The page that shows a client that breaks: its words are those that the command prints."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from offhook.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "check-a-client.md"
SHOWN = re.compile(r"<!-- naive: begin -->\n```console\n\$ offhook (.*)\n((?:.*\n)*?)```\n")
OWN = re.compile(r"<!-- own: begin -->\n```python\n((?:.*\n)*?)```\n")
ADVISED = re.compile(r"(On what is only assumed: ).*(; that counts)")


def words_of(text: str) -> str:
    """What is left when numbers, which hang on machine and generator, are taken away."""
    text = ADVISED.sub(r"\1…\2", text)
    return re.sub(r"\d+(\.\d+)?", "#", re.sub(r" +", " ", text)).replace("sessions", "session")


def test_a_client_that_breaks_is_shown_as_the_command_tells_it(tmp_path: Path) -> None:
    found = SHOWN.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    command, shown = found.groups()
    line = [*command.split(), "--jobs", "1", "--save", str(tmp_path / "finding.json")]
    done = CliRunner().invoke(main, line, prog_name="offhook")
    assert done.exit_code == 1
    assert words_of(shown) == words_of(done.stdout), (
        f"The page shows another output. Put this there:\n{done.stdout}"
    )


def test_the_adapter_that_is_shown_is_played_and_something_is_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = OWN.search(PAGE.read_text(encoding="utf-8"))
    assert own is not None
    (tmp_path / "their_shown_desk.py").write_text(own[1], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    save = ["--save", str(tmp_path / "finding.json")]
    words = ["check", "--client", "their_shown_desk:make", "--seeds", "5", "--jobs", "1", *save]
    done = CliRunner().invoke(main, [*words, "--invariant", "I2"], prog_name="offhook")
    assert done.exit_code == 1, done.output
    assert "I2 breaks" in done.output
    assert "could not be played" not in done.output
