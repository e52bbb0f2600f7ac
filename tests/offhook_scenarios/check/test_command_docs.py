"""The adapter of the guide. Its samples are held against the command in `tests/how_to`."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from offhook.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "check-a-client.md"
OWN = re.compile(r"<!-- own: begin -->\n```python\n((?:.*\n)*?)```\n")


def test_the_adapter_that_is_shown_is_played_and_something_is_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = OWN.search(PAGE.read_text(encoding="utf-8"))
    assert own is not None
    (tmp_path / "their_shown_desk.py").write_text(own[1], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    save = ["--save", str(tmp_path / "finding.json")]
    words = ["check", "--client", "their_shown_desk:make", "--seeds", "40", "--jobs", "1", *save]
    done = CliRunner().invoke(main, [*words, "--invariant", "I2"], prog_name="offhook")
    assert done.exit_code == 1, done.output
    assert "I2 breaks" in done.output
    assert "could not be played" not in done.output
