# Luciole: `make run` and `make test` are all that a newcomer needs.
# Both set up what they need in .venv first; nothing is installed outside this directory.

PYTHON ?= python3
PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check sources nightly serve bench format clean pins

help: ## what can be made here
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/run.ready ## set up only: afterwards the command is .venv/bin/luciole

run: $(VENV)/run.ready ## set up, crawl the demonstration blogs, serve the search page on PORT (8000)
	@$(BIN)/luciole demo --port $(PORT)

test: $(VENV)/dev.ready ## set up, run every test
	$(BIN)/python -m pytest $(TESTS)

check: $(VENV)/dev.ready ## lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

sources: $(VENV)/run.ready ## check sources.yaml and vocabulaire.yaml, offline: every fault at once
	@$(BIN)/luciole sources check

nightly: $(VENV)/run.ready ## crawl sources.yaml, index, report (settings: LUCIOLE_...)
	@$(BIN)/luciole nightly

serve: $(VENV)/run.ready ## serve what was indexed, on PORT (8000)
	@$(BIN)/luciole serve --port $(PORT)

bench: $(VENV)/dev.ready ## measure, as ratios within one run (QUICK=1 for a short one)
	$(BIN)/python -m bench

format: $(VENV)/dev.ready ## put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: ## resolve the requirements again (needs uv)
	uv pip compile --group build pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements.txt
	uv pip compile --group dev -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements-dev.txt

clean: ## forget the environment and the demonstration's data
	rm -rf $(VENV) data/demo

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Luciole needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (on Debian: apt install python3-venv)"; rm -rf $(VENV); exit 2; }

# Everything is pinned with hashes; the project itself is installed in place, with the pinned build tool.
$(VENV)/run.ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Luciole runs on, pinned in requirements.txt (about a minute)..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/dev.ready: requirements-dev.txt $(VENV)/run.ready
	@echo "Installing what the tests need, pinned in requirements-dev.txt..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
