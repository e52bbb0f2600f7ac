"""The pytest plugin: fixtures, the marker, options, and what a failed test tells. Glue only.

Importing it imports nothing heavy; what a fixture needs is imported when it is first used.
Nothing is autouse, and without a fixture of ours pytest does what it did before.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from offhook.testing.options import SETTINGS, Given, OptionError, check_marker, chosen

if TYPE_CHECKING:
    from offhook.server_thread import ServerThread
    from offhook.settings import OrgSettings
    from offhook.testing.findings import Finding
    from offhook.testing.handle import Offhook
    from offhook.testing.rig import LoopMock, Mock, Plan, Rig
    from offhook_scenarios.sim_mock import SimMock

MARKER = (
    "offhook(seed=…, clock=…, config=…, policies={…}, unmodelled='error', never_bit='allow'): "
    "how the mock of a test is made, and what fails the test"
)

_FAILED = pytest.StashKey[bool]()
_MOCKS = pytest.StashKey["list[Mock]"]()
_SIMULATION = "offhook_scenarios.sim_mock"
"""Loaded by name: the mock never imports what judges its clients."""
_UNMODELLED = pytest.StashKey[Counter[str]]()
_MARKED = pytest.StashKey[dict[str, Any]]()
_REPORTING = "offhook-reporting"
_WORKER_OUTPUT = "offhook_unmodelled"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our group in `pytest --help`, and the ini keys."""
    group = parser.getgroup("offhook", "offhook: a mock of Genesys Cloud voice control")
    for setting in SETTINGS.values():
        text = f"{setting.help} (default: {setting.default}; {setting.variable}, {setting.ini})"
        group.addoption(
            setting.flag,
            dest=setting.ini,
            default=None,
            metavar=setting.metavar or "|".join(setting.choices),
            help=text,
        )
        parser.addini(setting.ini, f"as {setting.flag}", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and refuse settings that cannot be before any test runs."""
    config.addinivalue_line("markers", MARKER)
    config.stash[_UNMODELLED] = Counter[str]()
    try:
        given = {name: _given(config, name, {}) for name in SETTINGS}
    except OptionError as error:
        raise pytest.UsageError(f"offhook: {error}") from None
    if given["report"] or given["expected_failures"]:
        _register_reporting(config, given["report"], given["expected_failures"])


def _register_reporting(config: pytest.Config, report: Given | None, file: Given | None) -> None:
    from offhook.testing.expected import Expected, ExpectedError, read_expected
    from offhook.testing.reporting import Reporting

    try:
        expected = Expected() if file is None else read_expected(_path(config, file))
    except ExpectedError as error:
        raise pytest.UsageError(f"offhook: {error}") from None
    directory = None if report is None else _path(config, report)
    reporting = Reporting(directory, expected, mocks=_MOCKS, findings=_findings)
    config.pluginmanager.register(reporting, _REPORTING)


@pytest.fixture(scope="session")
def offhook_server() -> "Iterator[ServerThread]":
    """The one server thread of this worker, on which all mocks of `offhook` live."""
    from offhook.server_thread import ServerThread

    with ServerThread() as thread:
        yield thread


@pytest.fixture
def offhook_config(request: pytest.FixtureRequest) -> "OrgSettings":
    """The org that is mocked. Override it to declare users, OAuth clients, policies in code."""
    from offhook.domain.errors import OffhookError
    from offhook.testing.rig import settings_from

    given, marker = _for_test(request, "config"), _marker(request.node)
    config: Any = None if given is None else given.value
    if given is not None and isinstance(config, str):
        config = _path(request.config, given)
    try:
        return settings_from(config, marker.get("policies"))
    except OffhookError as error:
        _refuse(f"offhook: {error}")


@pytest.fixture
def offhook_seed(request: pytest.FixtureRequest) -> int:
    """What ids and secrets are drawn from: the same in every run. Override it to choose."""
    from offhook.testing.rig import seed_of

    given = _for_test(request, "seed")
    return seed_of(request.node.nodeid) if given is None else int(str(given.value))


@pytest.fixture
def offhook_clock(request: pytest.FixtureRequest) -> str | float:
    """`system`, `manual`, or where a manual clock stands (Unix seconds). Override it to choose."""
    given = _for_test(request, "clock")
    value: Any = "system" if given is None else given.value
    return value if isinstance(value, float) else str(value)


@pytest.fixture
def make_offhook(
    request: pytest.FixtureRequest,
    offhook_server: "ServerThread",
    offhook_config: "OrgSettings",
    offhook_seed: int,
    offhook_clock: str | float,
) -> "Callable[..., Offhook]":
    """Makes mocks, each with an org and a listener of its own: `make_offhook(settings)`."""
    return _rig(request, offhook_server, offhook_config, offhook_seed, offhook_clock).make


@pytest.fixture
def offhook(
    request: pytest.FixtureRequest,
    offhook_server: "ServerThread",
    offhook_config: "OrgSettings",
    offhook_seed: int,
    offhook_clock: str | float,
) -> "Offhook":
    """A mock with a fresh org, served on a thread: for any client, blocking, async or foreign."""
    # Not by way of make_offhook: each fixture costs some 50 µs a test.
    return _rig(request, offhook_server, offhook_config, offhook_seed, offhook_clock).make()


@pytest.fixture
def offhook_async(
    request: pytest.FixtureRequest,
    offhook_config: "OrgSettings",
    offhook_seed: int,
    offhook_clock: str | float,
) -> "Iterator[LoopMock]":
    """A mock on the test's own loop: `async with offhook_async as offhook: …`."""
    from offhook.testing.rig import LoopMock

    mock = LoopMock(_plan(request, offhook_config, offhook_seed, offhook_clock))
    _mocks(request.node).append(mock)
    yield mock
    _end(request, mock, mock.complaints)


@pytest.fixture
def offhook_sim(
    request: pytest.FixtureRequest,
    offhook_config: "OrgSettings",
    offhook_seed: int,
    offhook_clock: str | float,
) -> "Iterator[SimMock]":
    """Mocks in virtual time: `offhook_sim.run(session)` runs `async def session(offhook)`."""
    from importlib import import_module

    make: Callable[..., SimMock] = import_module(_SIMULATION).SimMock
    try:
        mock = make(_plan(request, offhook_config, offhook_seed, offhook_clock))
    except ValueError as error:
        _refuse(f"offhook: {error}")
    _mocks(request.node).append(mock)
    yield mock
    _end(request, mock, mock.complaints)


def _rig(
    request: pytest.FixtureRequest,
    thread: "ServerThread",
    settings: "OrgSettings",
    seed: int,
    clock: str | float,
) -> "Rig":
    """The rig of the test, made by whichever fixture comes first, which also ends it."""
    from offhook.testing.rig import Rig

    made = [mock for mock in _mocks(request.node) if isinstance(mock, Rig)]
    if made:
        return made[0]
    rig = Rig(_plan(request, settings, seed, clock), thread)
    _mocks(request.node).append(rig)
    request.addfinalizer(
        lambda: _end(request, rig, rig.close(failed=request.node.stash.get(_FAILED, False)))
    )
    return rig


def _plan(
    request: pytest.FixtureRequest, settings: "OrgSettings", seed: int, clock: str | float
) -> "Plan":
    from offhook.testing.rig import Plan

    never_bit, unmodelled = _for_test(request, "never_bit"), _for_test(request, "unmodelled")
    request.node.user_properties.append(("offhook_seed", seed))
    return Plan(
        settings=settings,
        seed=seed,
        clock=clock,
        never_bit=never_bit is None or never_bit.value == "error",
        unmodelled=unmodelled is not None and unmodelled.value == "error",
        test=request.node.nodeid,
        place=_place(request),
    )


def _place(request: pytest.FixtureRequest) -> "Callable[[], Path] | None":
    reporting: Any = request.config.pluginmanager.get_plugin(_REPORTING)
    place: Callable[[], Path] | None
    place = None if reporting is None else reporting.place_of(request.node.nodeid)
    return place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells its seed, how to run it again, what the mock saw, what was found."""
    report = yield
    mocks, findings = item.stash.get(_MOCKS, []), _findings(call)
    if report.failed and report.when != "teardown":
        item.stash[_FAILED] = True
        for mock in mocks:
            try:
                text = mock.story()
            except (RuntimeError, TimeoutError) as error:
                text = f"The mock cannot be asked any more: {error}"
            if text:
                report.sections.append(("offhook", text))
    if findings:
        from offhook.testing.results import properties_of

        item.user_properties += properties_of(findings)
        report.user_properties += properties_of(findings)
    return report


def _findings(call: "pytest.CallInfo[None]") -> "tuple[Finding, ...]":
    # Whoever raises a finding has imported this; nobody else should have to.
    module = sys.modules.get("offhook.testing.findings")
    if module is None or call.excinfo is None:
        return ()
    found: tuple[Finding, ...] = module.findings_of(call.excinfo.value)
    return found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands what it has counted to whoever prints the end."""
    output: Any = getattr(session.config, "workeroutput", None)
    if output is not None:
        counts: Counter[str] = session.config.stash[_UNMODELLED]
        output[_WORKER_OUTPUT] = dict(counts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker of pytest-xdist has counted."""
    output = getattr(node, "workeroutput", None) or {}
    node.config.stash[_UNMODELLED].update(output.get(_WORKER_OUTPUT, {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What was asked for and is not modelled, once, each with the stub that would answer it."""
    counts = config.stash[_UNMODELLED]
    if not counts:
        return
    from offhook.testing.complaints import own_words
    from offhook.unmodelled import stub_for

    terminalreporter.section("offhook: asked for, and not modelled")
    for request, count in sorted(counts.items()):
        terminalreporter.line(f"{count:>5} x {request}")
        terminalreporter.line(f"        {own_words(stub_for(request).python)}")
    terminalreporter.line("To fail the tests that ask: --offhook-unmodelled=error")


def _marker(node: pytest.Item) -> dict[str, Any]:
    """What the markers of a test say together: the closest one counts; policies are joined."""
    if _MARKED in node.stash:
        return node.stash[_MARKED]
    together: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("offhook"))):
        if marker.args:
            pytest.fail("@pytest.mark.offhook takes names only, as in seed=7.", pytrace=False)
        policies = {**together.get("policies", {}), **marker.kwargs.get("policies", {})}
        together |= {**marker.kwargs, "policies": policies}
    try:
        check_marker(together)
    except OptionError as error:
        _refuse(str(error))
    node.stash[_MARKED] = together
    return together


def _given(config: pytest.Config, name: str, marker: dict[str, Any]) -> Given | None:
    setting = SETTINGS[name]
    return chosen(
        setting,
        marker=marker,
        command_line=config.getoption(setting.ini),
        environment=os.environ,
        ini=config.getini(setting.ini),
    )


def _path(config: pytest.Config, given: Given) -> Path:
    """Relative to where pytest was started when given by hand, else to the project's root."""
    by_hand = given.source.startswith(("--", "OFFHOOK_"))
    place = config.invocation_params.dir if by_hand else config.rootpath
    return Path(place) / str(given.value)


def _for_test(request: pytest.FixtureRequest, name: str) -> Given | None:
    try:
        return _given(request.config, name, _marker(request.node))
    except OptionError as error:
        _refuse(str(error))


def _refuse(text: str) -> NoReturn:
    """As `pytest.fail`, without what led to it: pytest would print the same words twice."""
    raise pytest.fail.Exception(text, pytrace=False) from None


def _mocks(node: pytest.Item) -> "list[Mock]":
    return node.stash.setdefault(_MOCKS, [])


def _end(request: pytest.FixtureRequest, mock: "Mock", complaints: list[str]) -> None:
    request.node.user_properties += [("offhook_url", handle.url) for handle in mock.handles]
    request.config.stash[_UNMODELLED].update(mock.unmodelled)
    if complaints:
        pytest.fail("\n\n".join([*complaints, f"Again: {mock.plan.again()}"]), pytrace=False)
