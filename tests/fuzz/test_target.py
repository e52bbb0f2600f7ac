"""The coverage-guided fuzzer runs a million inputs a night, where atheris is installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

TARGET = Path(__file__).with_name("target.py")
RUNS = int(os.environ.get("FUZZ_RUNS", "1000000"))


@pytest.mark.nightly
@pytest.mark.skipif(
    find_spec("atheris") is None,
    reason="atheris has wheels for Python 3.11 on Linux: pip install --group fuzz",
)
def test_a_million_inputs_raise_nothing_undeclared(tmp_path: Path) -> None:
    words = [sys.executable, str(TARGET), f"-runs={RUNS}", "-max_len=512"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own words.
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert f"Done {RUNS} runs" in ran.stderr
