"""Requests a second beside simloom 0.5, in the dense scenario, on one Python of 3.12 or newer.

    python3.12 benchmarks/peers/beside_simloom.py

simloom needs Python 3.12. With an older one this looks for a newer, and says so when there is
none. It makes an environment of its own in a temporary folder, installs both simulators into it,
and lets them run by turns, each time in a process of its own. Times are of the process, not of
the wall; the ratio is the figure, machines differ.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
VERSION = "0.5.0"
ROOT = Path(__file__).resolve().parents[2]
DENSE = Path(__file__).with_name("dense.py")


def newer_python() -> str | None:
    """A Python that simloom runs on; None if this machine has none."""
    if sys.version_info >= (3, 12):
        return sys.executable
    for name in ("python3.12", "python3.13", "python3.14"):
        found = shutil.which(name)
        works = found and subprocess.run([found, "--version"], check=False, capture_output=True)  # noqa: S603 - a Python of this machine.
        if found and works and not works.returncode:
            return found
    return None


def environment(python: str, folder: Path) -> Path:
    """The Python of a new environment with both simulators."""
    subprocess.run([python, "-m", "venv", folder], check=True)  # noqa: S603 - as above.
    ours = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(ours), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, f"simloom=={VERSION}", str(ROOT)], check=True)  # noqa: S603 - as above.
    return ours


def rate(python: Path, simulator: str) -> float:
    """Requests in a second of process time."""
    done = subprocess.run(  # noqa: S603 - as above.
        [python, DENSE, simulator], check=True, capture_output=True, text=True, cwd=DENSE.parent
    )
    figures = json.loads(done.stdout)
    return float(figures["requests"] / figures["process_s"])


def main() -> int:
    """Print both rates and their ratio."""
    python = newer_python()
    if python is None:
        print("Not compared: simloom needs Python 3.12 or newer, and there is none here.")  # noqa: T201 - its output.
        return 0
    with tempfile.TemporaryDirectory() as folder:
        ours = environment(python, Path(folder))
        rates: dict[str, list[float]] = {"offhook": [], "simloom": []}
        for _ in range(ROUNDS):
            for simulator, measured in rates.items():
                measured.append(rate(ours, simulator))
    ratios = [ours / theirs for ours, theirs in zip(*rates.values(), strict=True)]
    for simulator, measured in rates.items():
        print(f"{simulator}: {statistics.median(measured):.0f} requests a second of process time")  # noqa: T201 - its output.
    print(  # noqa: T201 - its output.
        f"ratio: {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f} "
        f"in {ROUNDS} rounds"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
