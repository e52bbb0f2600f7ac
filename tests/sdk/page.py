"""Writes docs/explanation/official-sdks-under-stress.md from the tests that observed it.

`python -m tests.sdk.page` writes the page, and the README's table of compatibility; a test
refuses either when it is not what this would write.
Each line is the name of a test, and its docstring where it has one: what is not tested is not
on the page.
"""

import ast
import json
import re
from pathlib import Path

import msgspec

from offhook_scenarios.adapters.node import DESK

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "explanation" / "official-sdks-under-stress.md"

README = ROOT / "README.md"
BEGIN, END = "<!-- compatibility: begin -->\n", "<!-- compatibility: end -->\n"

AREAS = {
    "Logins: client credentials, code, PKCE, refresh": "oauth",
    "Users, stations, presence, calls, mute, hold": "calls",
    "Notification channels and their WebSocket": "channels",
    "Failures: 401, 404, 429, lost answers": "failures",
    "Expired and revoked tokens": "refresh",
}
"""What a user asks about, and the tests that answer: `test_python_<name>.py` and the like."""

HEAD = """# What the official SDKs do under stress

What follows is the observed behaviour of the versions named, against this mock, by the command
`make test`, which runs the unmodified packages. Each line is a test; none is a judgement, and
other versions may do otherwise. The mock is not the platform: where the SDK met a fault, the
fault was ours.

Offhook is an independent, unofficial test tool, not affiliated with, endorsed by or supported by
Genesys. Genesys and Genesys Cloud are trademarks of Genesys Cloud Services, Inc. and/or its
affiliates, named only to describe compatibility.

Why it matters for mute: a client that counts every rejected promise as "not done", and every
accepted one as "done", shows the agent a state that the platform does not have.
"""


class Bench(msgspec.Struct, frozen=True):
    """The tests of one SDK."""

    title: str
    files: tuple[str, ...]


def benches() -> tuple[Bench, ...]:
    """Both SDKs, with the versions of the two locks."""
    return (
        Bench(
            f"Python: PureCloudPlatformClientV2 {_python_version()}",
            ("test_python_failures.py", "test_python_refresh.py"),
        ),
        Bench(
            f"JavaScript on Node: purecloud-platform-client-v2 {_javascript_version()}",
            ("test_node_failures.py", "test_node_refresh.py"),
        ),
    )


def written() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for bench in benches():
        parts.append(f"\n## {bench.title}\n\n")
        for name in bench.files:
            parts += [f"* {sentence}\n" for sentence in sentences(HERE / name)]
            source = f"tests/sdk/{name}"
            parts.append(f"\n([{source}](../../{source}))\n\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).rstrip() + "\n"


def compatibility() -> str:
    """The README's table: how many tests each SDK passes in each area."""
    sdks = {
        f"Python SDK {_python_version()}": "python",
        f"JavaScript SDK {_javascript_version()}, Node": "node",
    }
    rows = [f"| | {' | '.join(sdks)} |", "|---|---|---|"]
    for area, name in AREAS.items():
        counts = (len(sentences(HERE / f"test_{sdk}_{name}.py")) for sdk in sdks.values())
        rows.append(f"| {area} | {' | '.join(f'{count} tests' for count in counts)} |")
    browser = len(sentences(HERE / "test_browser.py"))
    area = "Login and mute in Chromium, one origin and across"
    rows.append(f"| {area} | not run | {browser} tests |")
    return "\n".join(rows) + "\n"


def readme() -> str:
    """The README as it should be."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + compatibility() + END + rest.split(END)[1]


def sentences(path: Path) -> list[str]:
    """The tests of a file as sentences: the name, then what the docstring adds."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = node.name.removeprefix("test_").replace("_", " ")
            added = " ".join((ast.get_docstring(node) or "").split())
            found.append(f"**{words[0].upper()}{words[1:]}.** {added}".rstrip())
    return found


def _python_version() -> str:
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    version = re.search(r"^purecloudplatformclientv2==(\S+)", lock, re.MULTILINE)
    assert version is not None, "the lock names the SDK"
    return version[1]


def _javascript_version() -> str:
    manifest = json.loads((DESK / "package.json").read_text(encoding="utf-8"))
    return str(manifest["dependencies"]["purecloud-platform-client-v2"])


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
