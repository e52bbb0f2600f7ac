"""How much memory a process really takes."""

from pathlib import Path


def pss_kib(pid: int) -> int:
    """The process's share of memory (`smaps_rollup`, Linux)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
