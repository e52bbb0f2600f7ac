"""The clients of docs/how-to/clients: each speaks the protocol, and each has the bug it shows."""

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from tests.offhook_scenarios.conftest import INSTALLED
from tests.offhook_scenarios.test_guest_plays import ANSWER_LOST, QUIET
from tests.sdk.site import Pages, Site

from offhook.cli import main
from offhook.faults.kinds import PushDropFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.adapters.browser import Page
from offhook_scenarios.adapters.chromium import found
from offhook_scenarios.adapters.conformance import Verdict, lines, try_conformance
from offhook_scenarios.adapters.guest import MakeGuest
from offhook_scenarios.adapters.node import Node, install
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio
from offhook_scenarios.check.guests import guests
from offhook_scenarios.guest_plays import try_guest
from offhook_scenarios.outcome import Result
from offhook_scenarios.sessions.session import LayFault, Session, supervisor
from offhook_scenarios.verdict import Lie

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "docs" / "how-to" / "clients"
REACT = CLIENTS / "react_desk"
SLOWER = 2.0
"""So much later does everything happen here than in the sessions' own tests: an SDK is loaded,
and a page of React drawn, on whatever machine this is."""

EVENT_LOST = LayFault(
    at_s=0.1,
    name="event lost",
    rule=RuleSpec(match=Match(operation="muteChanged"), fault=PushDropFault()),
)
BOTH_LOST = msgspec.structs.replace(
    ANSWER_LOST, id="both-lost", script=(EVENT_LOST, *ANSWER_LOST.script)
)
OTHER_HAND = msgspec.structs.replace(
    ANSWER_LOST, id="other-hand", script=(EVENT_LOST, supervisor(0.2, muted=True))
)
"""For the browser, which sends a request again by itself when a kept connection is reset."""


def slower(session: Session) -> Session:
    script = tuple(
        msgspec.structs.replace(step, at_s=SLOWER * step.at_s) for step in session.script
    )
    return msgspec.structs.replace(session, script=script, length_s=SLOWER * session.length_s)


def has_its_bug(make: MakeGuest, session: Session) -> None:
    """All is well until news is lost; then the screen stays as it was, and is wrong."""
    sessions = (slower(QUIET), slower(session))
    quiet, lost = try_guest(make, sessions, budget_s=0.7).plays
    assert quiet.outcome.result is Result.OK, (quiet.outcome.words, quiet.log)
    assert lost.outcome.verdict is not None, (lost.outcome.words, lost.log)
    assert {lie.lie for lie in lost.outcome.verdict.lies} == {Lie.UNHEARD}, lost.outcome.words


@pytest.fixture(scope="session")
def node() -> Node:
    return install(INSTALLED)


def make_node_desk(node: Node) -> Callable[[int], RemoteClient]:
    variables = {"NODE_PATH": str(node.modules)}
    command = [node.node, str(CLIENTS / "node_desk.js")]
    return lambda _seed: RemoteClient(stdio(command, variables), name="node-desk")


def make_python_desk(_seed: int) -> RemoteClient:
    return RemoteClient(
        stdio([sys.executable, str(CLIENTS / "python_desk.py")]), name="python-desk"
    )


def test_the_desk_in_node(node: Node) -> None:
    has_its_bug(make_node_desk(node), BOTH_LOST)


def test_the_desk_in_node_speaks_the_protocol(node: Node) -> None:
    report = try_conformance(make_node_desk(node))
    assert report.verdict is Verdict.OK, lines(report)


def test_the_desk_in_python() -> None:
    has_its_bug(make_python_desk, BOTH_LOST)


@pytest.fixture(scope="session")
def react() -> Iterator[Site]:
    """The page as its folder is, after `npm ci`."""
    modules = install(INSTALLED, desk=REACT).modules
    pages: Pages = {
        "/index.html": ("text/html; charset=utf-8", (REACT / "index.html").read_bytes()),
        "/desk.js": ("text/javascript; charset=utf-8", (REACT / "desk.js").read_bytes()),
    }
    for package in ("react", "react-dom"):
        name = f"{package}/umd/{package}.production.min.js"
        pages[f"/node_modules/{name}"] = ("text/javascript", (modules / name).read_bytes())
    with Site(pages) as running:
        yield running


@pytest.mark.skipif(found() is None, reason="no Chromium: install Debian's package `chromium`")
@pytest.mark.xdist_group("browser")
def test_the_page_in_react_is_judged_as_it_is(react: Site) -> None:
    page = Page(url="", mute="#mute", muted_when="#mute[aria-pressed=true]")
    name = f"browser:{react.url}/index.html?api={{api}}&user={{user}}"
    with guests(name, page) as made:
        has_its_bug(made.make, OTHER_HAND)


GUIDE = (ROOT / "docs" / "how-to" / "check-a-client-in-any-language.md").read_text("utf-8")


def test_the_guide_names_the_files_that_are_there() -> None:
    for name in ("node_desk.js", "python_desk.py", "react_desk"):
        assert (CLIENTS / name).exists()
        assert f"(clients/{name})" in GUIDE


@pytest.mark.nightly
def test_the_first_bug_is_found_as_the_guide_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "python_desk.py").write_text((CLIENTS / "python_desk.py").read_text("utf-8"))
    command, *_ = re.findall(r"\$ offhook (check .*python_desk.*)", GUIDE)
    words = [word.replace(":python ", f":{sys.executable} ") for word in shlex.split(command)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1, done.output
    shown = re.findall(r"```text\n(token-expires.*?)```", GUIDE, re.DOTALL)[0].splitlines()
    told = iter(done.output.splitlines())
    for line in shown:
        pattern = re.sub(r"\d+\.\d+ s|\d+ lines", "*", line.rstrip()).replace("python ", "*")
        if line.strip() != "…":
            assert any(fnmatch(real, pattern.replace("…", "*")) for real in told), line
