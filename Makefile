# Two commands: `make run` and `make test`. Python 3.11 or newer as python3, or PYTHON=…, is all that has to be there.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --quiet --disable-pip-version-check
PYTEST := $(PY) -m pytest -n auto --maxprocesses 4 --dist loadgroup
ARGS ?=
FAULTS := $(if $(SEED),--seed $(SEED)) $(if $(CYCLES),--cycles $(CYCLES))

.PHONY: help run test check bench faults sweep clean

help:
	@echo "make run    serve the site at http://127.0.0.1:$${PORT:-5000}"
	@echo "make test   every test, on SQLite and on PostgreSQL"
	@echo "make check  lint, types and the fast tests, in under a minute"
	@echo "make bench  what it costs and how fast it is (WRITE=1 keeps it in docs/benchmarks.md; ARGS=exam for one part)"
	@echo "make faults kill -9, power cuts, races, dropped answers: the full counts (SEED=, CYCLES=, ARGS=kills for one kind)"
	@echo "make sweep  every page in every language and theme, on both databases"
	@echo "make clean  remove what was built; the data under instance/ stays"

run: $(VENV)/.stamp-run
	@$(PY) tools/serve.py

test: $(VENV)/.stamp-dev
	@status=0; \
	$(PYTEST) $(ARGS) || status=$$?; \
	$(PYTEST) --database postgresql -m "database and (walkthrough or not browser)" $(ARGS) || status=$$?; \
	exit $$status

check: $(VENV)/.stamp-dev
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PYTEST) -q -m "not database and not browser and not slow"

bench: $(VENV)/.stamp-dev
	@$(PY) -m bench $(if $(WRITE),--write) $(ARGS)

faults: $(VENV)/.stamp-dev
	@$(PY) -m faults $(FAULTS) $(ARGS)

sweep: $(VENV)/.stamp-dev
	@$(PY) -m pytest -n auto --maxprocesses 4 tests/browser --sweep $(ARGS)
	@$(PY) -m pytest -n auto --maxprocesses 4 tests/browser --sweep --database postgresql $(ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo not there)." >&2; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made; on Debian install python3-venv." >&2; exit 1; }
	@touch $@

$(VENV)/.stamp-run: requirements.txt $(VENV)/.stamp-venv
	@echo "Installing what requirements.txt names"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt $(VENV)/.stamp-run
	@echo "Installing what requirements-dev.txt names"
	@$(PIP) -r requirements-dev.txt
	@touch $@
