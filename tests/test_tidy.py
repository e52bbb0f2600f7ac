"""The house rules, as tests. Each lists all that it finds, and each line says what to do."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {
    "offhook": ROOT / "mockserver" / "offhook",
    "offhook_client": ROOT / "client" / "offhook_client",
    "offhook_scenarios": ROOT / "scenarios" / "offhook_scenarios",
}
LINES_PER_FILE_MAX = 400
LINES_PER_FUNCTION_MAX = 60

PURE = [
    "offhook/domain/",
    "offhook/oauth/",
    "offhook/api/",
    "offhook/faults/",
    "offhook/control/",
    "offhook/limits.py",
    "offhook/policies.py",
    "offhook/journal.py",
    "offhook/settings.py",
    "offhook/stubs.py",
    "offhook/tenancy.py",
    "offhook/unmodelled.py",
    "offhook/why.py",
    "offhook_client/platform/models.py",
    "offhook_client/platform/pace.py",
    "offhook_client/platform/picture.py",
    "offhook_client/platform/reading.py",
    "offhook_client/protocol.py",
    "offhook_client/answers.py",
    "offhook_client/facts.py",
    "offhook_client/frames.py",
    "offhook_client/models.py",
    "offhook_client/reconciler.py",
    "offhook_client/retry.py",
    "offhook_client/signals.py",
    "offhook_client/state.py",
    "offhook_client/wishes.py",
    "offhook_scenarios/adapters/client_log.py",
    "offhook_scenarios/adapters/lines.py",
    "offhook_scenarios/adapters/messages.py",
]
"""Prefixes of what holds no I/O, no clock and no chance of its own (architecture, "Contract")."""

IMPURE_MODULES = {
    "aiohttp",
    "asyncio",
    "http",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "socket",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
    "websockets",
}

LAYERS = [
    {"domain", "oauth", "settings", "policies", "limits", "journal", "stubs", "unmodelled"},
    {"api", "control", "faults", "tenancy", "why"},
    {"adapters"},
    {"server", "server_thread", "threaded"},
    {"cli", "commands", "config", "pytest_plugin", "testing"},
]
"""Each layer of the server may import itself and the layers before it."""


class Source(NamedTuple):
    """What the rules ask of one Python file, read once."""

    at: str
    """Its path from the source root (`offhook/domain/org.py`), of other files from the root."""
    text: str
    imports: frozenset[str]
    """Full names of the modules that it imports, anywhere in it."""
    imports_at_runtime: frozenset[str]
    functions: tuple[tuple[str, int, int], ...]
    """Name, first line and length of each."""
    parametrized_by_a_set: tuple[int, ...]
    """Lines on which the parameters of a test have no order."""

    @property
    def pure(self) -> bool:
        return self.at.startswith(tuple(PURE))


def source(at: str, text: str) -> Source:
    """Parses a file's text: one walk for all rules."""
    nodes = list(ast.walk(ast.parse(text)))
    typing_only = {
        inner
        for node in nodes
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    imported = {node: names for node in nodes if (names := _imported(node))}
    return Source(
        at=at,
        text=text,
        imports=frozenset().union(*imported.values()),
        imports_at_runtime=frozenset().union(
            *(names for node, names in imported.items() if node not in typing_only)
        ),
        functions=tuple(
            (node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)
            for node in nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        parametrized_by_a_set=tuple(
            node.lineno
            for node in nodes
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "parametrize"
            and len(node.args) > 1
            and _is_a_set(node.args[1])
        ),
    )


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def _is_a_set(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_a_set(node.left) or _is_a_set(node.right)
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(node, ast.Set | ast.SetComp) or (
        isinstance(called, ast.Name) and called.id in {"set", "frozenset"}
    )


@cache
def read(path: Path) -> Source:
    root = next((p.parent for p in PACKAGES.values() if path.is_relative_to(p.parent)), ROOT)
    return source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


@cache
def kept() -> list[Path]:
    """The files that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git as the developer has it.
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [path for name in listed if (path := ROOT / name).is_file()]


def all_python() -> list[Source]:
    return [read(path) for path in kept() if path.suffix == ".py"]


def modules() -> list[str]:
    """Every module of the three packages, from its source root."""
    return [file.at for file in all_python() if file.at.split("/")[0] in PACKAGES]


def uses_io_a_clock_or_chance(file: Source) -> Iterator[str]:
    bad = {
        name
        for name in file.imports
        for module in IMPURE_MODULES
        if name == module or name.startswith(f"{module}.")
    } - {"http.HTTPStatus"}
    if file.pure and bad:
        yield f"{file.at} imports {sorted(bad)}: pass time, chance, ids, bytes in from the shell."


def imports_against_the_layers(file: Source) -> Iterator[str]:
    package, _, inner = file.at.partition("/")
    noun = inner.split("/")[0].removesuffix(".py")
    if package != "offhook" or noun in {"__init__", "__main__"}:
        return  # Lazy names and the command's entry: they load what they are asked for.
    here = next((i for i, layer in enumerate(LAYERS) if noun in layer), None)
    if here is None:
        yield f"{file.at} is in no layer: give it one in tests/test_tidy.py."
        return
    above = set().union(*LAYERS[here + 1 :])
    for name in sorted(file.imports_at_runtime):
        if name.startswith(("offhook_client", "offhook_scenarios")):
            yield f"{file.at} imports {name}: the server never knows its clients or judges."
        if name.startswith("offhook.") and name.split(".")[1] in above:
            yield f"{file.at} imports {name}: imports go from the shell to the core only."


def shares_code_with_the_server(file: Source) -> Iterator[str]:
    bad = {n for n in file.imports if n.split(".")[0] in {"offhook", "offhook_scenarios"}}
    if file.at.startswith("offhook_client/") and bad:
        yield f"{file.at} imports {sorted(bad)}: a client that shares code proves nothing."


def knows_what_is_simulated(file: Source) -> Iterator[str]:
    own = "offhook_scenarios.sim"
    bad = {
        name
        for name in file.imports
        if name.split(".")[0] in PACKAGES and name != own and not name.startswith(f"{own}.")
    }
    if file.at.startswith("offhook_scenarios/sim/") and bad:
        yield f"{file.at} imports {sorted(bad)}: the simulation is general; hand things in to it."


def is_long(file: Source) -> Iterator[str]:
    lines = file.text.count("\n")
    if lines > LINES_PER_FILE_MAX:
        yield f"{file.at} has {lines} lines, at most {LINES_PER_FILE_MAX}: split it by noun."
    for name, line, length in file.functions:
        if length > LINES_PER_FUNCTION_MAX:
            yield (
                f"{file.at}:{line}: {name} has {length} lines, at most {LINES_PER_FUNCTION_MAX}:"
                " split it by what it does."
            )


def excepts_itself_without_a_reason(file: Source) -> Iterator[str]:
    for number, line in enumerate(file.text.splitlines(), 1):
        found = re.search(r"# (noqa|type: ignore|pragma)\b(.*)", line)
        if found and not re.search(r"(:|\[)\s*[\w, \-]+\]?.* - \S", found[0]):
            yield f"{file.at}:{number}: say which rule, then ` - ` and why."


def parametrizes_by_a_set(file: Source) -> Iterator[str]:
    """Workers of pytest-xdist hash differently, and would collect a set in another order each."""
    for number in file.parametrized_by_a_set:
        yield f"{file.at}:{number}: put sorted(…) around what the test is parametrized by."


Rule = Callable[[Source], Iterator[str]]
RULES: dict[str, tuple[Rule, str, str, int]] = {
    "the core imports no I/O, no clock and no chance": (
        uses_io_a_clock_or_chance,
        "offhook/domain/org.py",
        "import time\nfrom http import HTTPStatus\n",
        1,
    ),
    "imports of the server point one way": (
        imports_against_the_layers,
        "offhook/api/order.py",
        "import offhook_client\nfrom offhook import domain\nfrom offhook.adapters import http\n",
        3,
    ),
    "the client shares no code with the server": (
        shares_code_with_the_server,
        "offhook_client/retry.py",
        "from offhook.limits import Limits\n",
        1,
    ),
    "the simulation knows nothing of what is simulated": (
        knows_what_is_simulated,
        "offhook_scenarios/sim/loop.py",
        "from offhook_scenarios.sim import trace\nfrom offhook_scenarios import delivery\n",
        1,
    ),
    "files and functions are short": (
        is_long,
        "tests/test_long.py",
        "def long():\n" + "    1\n" * LINES_PER_FILE_MAX,
        2,
    ),
    "every exception to a rule has its reason": (
        excepts_itself_without_a_reason,
        "tests/test_lax.py",
        "import os  # no" + "qa: F401\nimport re  # no" + "qa: F401 - because.\n",
        1,
    ),
    "what tests are parametrized by has an order": (
        parametrizes_by_a_set,
        "tests/test_loose.py",
        "@mark.parametrize('a', {1, 2})\ndef test_a(a): ...\n",
        1,
    ),
}
"""What holds of every Python file: the rule, a file that breaks it, and how often it does."""


@pytest.mark.parametrize("name", RULES)
def test_of_every_file(name: str) -> None:
    rule, *_ = RULES[name]
    broken = [told for file in all_python() for told in rule(file)]
    assert not broken, f"Of every file: {name}.\n" + "\n".join(broken)


@pytest.mark.parametrize("name", RULES)
def test_no_breach_is_overlooked(name: str) -> None:
    rule, at, text, breaches = RULES[name]
    assert len(list(rule(source(at, text)))) == breaches
    assert len(all_python()) > len(modules()) > 0


def test_every_pure_place_exists() -> None:
    gone = [prefix for prefix in PURE if not any(at.startswith(prefix) for at in modules())]
    assert not gone, f"{gone} are listed as pure and not there: mend the list in this file."


def test_every_module_has_its_test_file() -> None:
    missing = []
    for at in map(Path, modules()):
        if at.name in {"__init__.py", "__main__.py"}:
            continue
        partners = (ROOT / "tests" / at.parent).glob(f"test_{at.stem}*.py")
        if not any(
            p.stem == f"test_{at.stem}" or p.stem.startswith(f"test_{at.stem}_") for p in partners
        ):
            missing.append(f"tests/{at.parent.as_posix()}/test_{at.stem}.py")
    assert not missing, "These test files are missing:\n" + "\n".join(missing)


def test_every_mirrored_test_file_has_its_module() -> None:
    orphans = []
    known = {at.removesuffix(".py") for at in modules()}
    for name in PACKAGES:
        for path in (ROOT / "tests" / name).rglob("test_*.py"):
            at = path.relative_to(ROOT / "tests")
            stem = at.stem.removeprefix("test_")
            here = at.parent.as_posix()
            prefixes = ["_".join(stem.split("_")[:n]) for n in range(1, stem.count("_") + 2)]
            if not any(f"{here}/{prefix}" in known for prefix in prefixes):
                orphans.append(at.as_posix())
    assert not orphans, "These test files mirror no module:\n" + "\n".join(orphans)


def test_no_text_names_this_machine_a_registry_or_leaves_work_undone() -> None:
    words = [
        r"/" + r"work/",
        r"/" + r"root/",
        "py" + r"pi\.org",
        "registry" + r"\.npm",
        "TO" + "DO",
        "FIX" + "ME",
        "X" + "XX",
        "NotImplemented" + "Error",
    ]
    banned = re.compile("|".join(words))
    hits = []
    for path in kept():
        if path.suffix in {".png", ".ico"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if banned.search(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:90]}")
    assert not hits, "\n".join(hits)


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands[-1] == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
