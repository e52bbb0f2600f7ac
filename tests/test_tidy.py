"""The house rules, as tests. Each message says what to do."""

import ast
import re
import subprocess
from pathlib import Path

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


def sources(*packages: str) -> list[Path]:
    names = packages or tuple(PACKAGES)
    return sorted(path for name in names for path in PACKAGES[name].rglob("*.py"))


def all_python() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607 - git as the developer has it.
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [path for name in listed if (path := ROOT / name).exists()]


def inside(path: Path) -> str:
    """The path from its source root: `offhook/domain/org.py`."""
    for package in PACKAGES.values():
        if path.is_relative_to(package.parent):
            return path.relative_to(package.parent).as_posix()
    return path.relative_to(ROOT).as_posix()


def imports(path: Path, *, runtime_only: bool = False) -> set[str]:
    """Full names of the modules that a file imports, anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only: set[ast.AST] = set()
    if runtime_only:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                typing_only.update(ast.walk(node))
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def is_pure(path: Path) -> bool:
    return any(inside(path).startswith(prefix) for prefix in PURE)


@pytest.mark.parametrize("prefix", PURE)
def test_every_pure_place_exists(prefix: str) -> None:
    assert any(inside(path).startswith(prefix) for path in sources()), (
        f"{prefix} is listed as pure and is not there: mend the list in tests/test_tidy.py."
    )


@pytest.mark.parametrize("path", [p for p in sources() if is_pure(p)], ids=inside)
def test_the_core_imports_no_io_no_clock_and_no_chance(path: Path) -> None:
    bad = {
        name
        for name in imports(path)
        for module in IMPURE_MODULES
        if name == module or name.startswith(f"{module}.")
    } - {"http.HTTPStatus"}
    assert not bad, (
        f"{inside(path)} imports {sorted(bad)}: pass time, chance, ids and bytes in from the shell."
    )


@pytest.mark.parametrize("path", sources("offhook"), ids=inside)
def test_imports_of_the_server_point_one_way(path: Path) -> None:
    parts = inside(path).split("/")
    noun = parts[1].removesuffix(".py")
    if noun in {"__init__", "__main__"}:
        return  # Lazy names and the command's entry: they load what they are asked for.
    here = next((i for i, layer in enumerate(LAYERS) if noun in layer), None)
    assert here is not None, f"{inside(path)} is in no layer: give it one in tests/test_tidy.py."
    allowed = set().union(*LAYERS[: here + 1])
    for name in imports(path, runtime_only=True):
        assert not name.startswith(("offhook_client", "offhook_scenarios")), (
            f"{inside(path)} imports {name}: the server never knows its clients or judges."
        )
        if name.startswith("offhook."):
            other = name.split(".")[1]
            known = set().union(*LAYERS)
            assert other in allowed or other not in known, (
                f"{inside(path)} imports {name}: imports go from the shell to the core only."
            )


@pytest.mark.parametrize("path", sources("offhook_client"), ids=inside)
def test_the_client_shares_no_code_with_the_server(path: Path) -> None:
    bad = {n for n in imports(path) if n.split(".")[0] in {"offhook", "offhook_scenarios"}}
    assert not bad, (
        f"{inside(path)} imports {sorted(bad)}: a client that shares code proves nothing."
    )


@pytest.mark.parametrize(
    "path", [p for p in sources() if inside(p).startswith("offhook_scenarios/sim/")], ids=inside
)
def test_the_simulation_knows_nothing_of_what_is_simulated(path: Path) -> None:
    own = "offhook_scenarios.sim"
    bad = {
        name
        for name in imports(path)
        if name.split(".")[0] in PACKAGES and name != own and not name.startswith(f"{own}.")
    }
    assert not bad, (
        f"{inside(path)} imports {sorted(bad)}: the simulation is general; hand things in to it."
    )


@pytest.mark.parametrize("path", all_python(), ids=inside)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= LINES_PER_FILE_MAX, (
        f"{inside(path)} has {lines} lines, at most {LINES_PER_FILE_MAX}: split it by noun."
    )
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length <= LINES_PER_FUNCTION_MAX, (
                f"{inside(path)}: {node.name} has {length} lines, at most {LINES_PER_FUNCTION_MAX}."
            )


def test_every_module_has_its_test_file() -> None:
    missing = []
    for path in sources():
        if path.name in {"__init__.py", "__main__.py"}:
            continue
        at = Path(inside(path))
        partners = (ROOT / "tests" / at.parent).glob(f"test_{at.stem}*.py")
        if not any(
            p.stem == f"test_{at.stem}" or p.stem.startswith(f"test_{at.stem}_") for p in partners
        ):
            missing.append(f"tests/{at.parent.as_posix()}/test_{at.stem}.py")
    assert not missing, "These test files are missing:\n" + "\n".join(missing)


def test_every_mirrored_test_file_has_its_module() -> None:
    orphans = []
    modules = {inside(path).removesuffix(".py") for path in sources()}
    for name in PACKAGES:
        for path in (ROOT / "tests" / name).rglob("test_*.py"):
            at = path.relative_to(ROOT / "tests")
            stem = at.stem.removeprefix("test_")
            here = at.parent.as_posix()
            prefixes = ["_".join(stem.split("_")[:n]) for n in range(1, stem.count("_") + 2)]
            if not any(f"{here}/{prefix}" in modules for prefix in prefixes):
                orphans.append(at.as_posix())
    assert not orphans, "These test files mirror no module:\n" + "\n".join(orphans)


@pytest.mark.parametrize("path", all_python(), ids=inside)
def test_every_exception_to_a_rule_has_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := re.search(r"# (noqa|type: ignore|pragma)\b(.*)", line):
            assert re.search(r"(:|\[)\s*[\w, \-]+\]?.* - \S", match[0]), (
                f"{inside(path)}:{number}: say which rule, then ` - ` and why."
            )


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
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git as the developer has it.
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    hits = []
    for name in listed:
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".ico"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if banned.search(line):
                hits.append(f"{name}:{number}: {line.strip()[:90]}")
    assert not hits, "\n".join(hits)


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands[-1] == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def _is_a_set(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_a_set(node.left) or _is_a_set(node.right)
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(node, ast.Set | ast.SetComp) or (
        isinstance(called, ast.Name) and called.id in {"set", "frozenset"}
    )


def test_what_tests_are_parametrized_by_has_an_order() -> None:
    """Workers of pytest-xdist hash differently, and would collect a set in another order each."""
    unordered = [
        f"{inside(path)}:{node.lineno}"
        for path in all_python()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "parametrize"
        and len(node.args) > 1
        and _is_a_set(node.args[1])
    ]
    assert not unordered, "Put sorted(…) around these:\n" + "\n".join(unordered)
