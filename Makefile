# Each target sets itself up: a virtual environment from the hashed lock, then the packages in place.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What the demo needs, and what tests need besides.
CORE := .venv/.core
READY := .venv/.ready
PEERS := .venv/.peers
XDIST ?= 2

.PHONY: demo test nightly bench lock clean
.DEFAULT_GOAL := test

$(CORE): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "offhook needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(CORE)

$(READY): $(CORE) requirements-dev.txt
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $(READY)

# Desks through the same twelve troubled sessions: a table, and offhook-demo.html.
demo: $(CORE)
	$(BIN)/python -m offhook demo $(ARGS)

# An empty word asks for bytecode, also where the environment asks for none (containers often do):
# without it each worker rewrites and compiles every test file anew, and each process every module.
test nightly: export PYTHONDONTWRITEBYTECODE =

test: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n $(XDIST) -m "not nightly" $(ARGS)

# What is too long for every change; before it the whole suite twice more, on all processors and in
# whatever order they come to it.
nightly: $(READY)
	$(BIN)/python -m pytest -n auto --dist load -m "not nightly" $(ARGS)
	$(BIN)/python -m pytest -n auto --dist load -m "not nightly" $(ARGS)
	CONTRACT_EXAMPLES=60 $(BIN)/python -m pytest -n auto --dist load $(ARGS)

$(PEERS): $(READY) requirements-bench.txt
	$(INSTALL) --require-hashes -r requirements-bench.txt
	@touch $(PEERS)

# The plugins of peers are for the projects of one benchmark, not for this run.
bench: $(PEERS)
	$(BIN)/python -m pytest benchmarks --benchmark-only -p no:aiohttp -p no:pytest_httpserver -p no:respx $(ARGS)

# Resolves all sets anew and writes their hashes. The files name no host.
LOCK := $(BIN)/uv pip compile --quiet pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header

lock: $(CORE)
	$(INSTALL) uv
	$(LOCK) --group dev -o requirements-dev.txt
	$(LOCK) --group build -c requirements-dev.txt -o requirements.txt
	$(LOCK) --group bench -c requirements-dev.txt -o requirements-bench.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks dist
