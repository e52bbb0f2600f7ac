# Each target sets itself up: a virtual environment from the hashed lock, then the packages in place.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
XDIST ?= 2

.PHONY: demo test nightly bench check lock clean
.DEFAULT_GOAL := test

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "offhook needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# Two desks through the same twelve troubled sessions: a table, and offhook-demo.html.
demo: $(READY)
	$(BIN)/python -m offhook demo $(ARGS)

test: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n $(XDIST) -m "not nightly" $(ARGS)

# What is too long for every change.
nightly: $(READY)
	CONTRACT_EXAMPLES=60 $(BIN)/python -m pytest -n $(XDIST) $(ARGS)

bench: $(READY)
	$(BIN)/python -m pytest benchmarks --benchmark-only $(ARGS)

# Resolves the development set anew and writes its hashes. The file names no host.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --group dev pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks dist
