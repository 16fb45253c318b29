# One list of commands. `make demo` and `make test` work from a clean clone: they build .venv first.
# The environment lives in .venv; everything that runs writes below var/ or a temporary folder.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos screenshots messages lock coverage-of-spec clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE := 1
ARGS ?=

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

# Rebuilt when the lock changes. Everything it says goes to standard error: `make -s demo ARGS=--json` prints JSON alone.
.venv/.ready: requirements.lock pyproject.toml
	@{ test -x $(BIN)/python || $(PYTHON) -m venv .venv; \
	   $(BIN)/python -m pip --disable-pip-version-check install --quiet 'uv>=0.13,<0.14'; \
	   $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock; \
	   $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/uv pip install --quiet --python $(BIN)/python pip; \
	   $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	   touch $@ ; } >&2

demo: .venv/.ready ## The whole of denrei with an invented city; Ctrl-C ends it (ARGS="--once --people 2000 --json")
	@$(BIN)/denrei demo $(ARGS)

test: .venv/.ready ## Installs what the tests need (or says what is missing), checks, and runs every test
	@PYTHON=$(BIN)/python .ci/prepare
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: .venv/.ready ## The quick part: format, lint, types, layers, templates, migrations
	@$(BIN)/ruff format --check --quiet . || { echo 'Run: .venv/bin/ruff format .'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 1
	@$(BIN)/djlint --quiet --lint src
	@PYTHONWARNINGS='ignore:Got an error checking a consistent migration history' $(BIN)/denrei django makemigrations --check --dry-run --verbosity 0  # no database is needed
	@echo 'check: ok'

bench: .venv/.ready ## Figures beside peers and goals, in some 25 minutes (ARGS="mail --quick")
	@PYTHON=$(BIN)/python .ci/prepare
	@bench/prepare
	@$(BIN)/python -m bench $(ARGS)

chaos: .venv/.ready ## Proof by fire: workers, PostgreSQL and clocks are broken, the receiver's log judges (ARGS="--short 2")
	@PYTHON=$(BIN)/python .ci/prepare
	@$(BIN)/python -m chaos $(ARGS)

screenshots: .venv/.ready ## Pictures of every page at 1280 and 390 px into var/screenshots, and those of the manual
	@PYTHON=$(BIN)/python .ci/prepare
	@$(BIN)/python -m tests.pictures var/screenshots
	@ls var/screenshots

messages: .venv/.ready ## Collects the words of the console for translation, and compiles the English ones
	@$(BIN)/python -m tools.messages

lock: ## Renews requirements.lock: hashed, without addresses
	@uv pip compile --upgrade --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.lock

coverage-of-spec: .venv/.ready ## Each requirement with the tests that prove it
	@$(BIN)/python -m tests.coverage_of_spec

clean: ## Removes the environment, not the data
	@rm -rf .venv
