# One target per verb; everything runs in .venv, which the first target makes.
# Needs only Python 3.11 to 3.13, make and git; uses uv where it is installed.

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

# a file of tests stays on one worker; the longest start first (tests/conftest.py)
PARALLEL := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# every Python that the tests start is measured, but for those that run learners' code (tests/measure/)
MEASURED = PYTHONPATH="$(CURDIR)/tests/measure" MEASURED_BY="$(CURDIR)/pyproject.toml" COVERAGE_FILE="$(CURDIR)/build/.coverage"

.PHONY: help demo test thorough quick lab build check bench rehearse lint clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

$(BIN)/.installed: pyproject.toml constraints.txt
	@echo "Installing into .venv (a few minutes the first time) …"
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --seed --allow-existing --python $(PYTHON) .venv && \
	    uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e ".[dev]"; \
	else \
	    $(PYTHON) -m venv .venv && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"; \
	fi
	@touch $@

demo: $(BIN)/.installed ## the whole cycle with twelve scripted learners, offline
	@course demo

test: $(BIN)/.installed ## the test suite, without the long suites
	@python -m pytest -q $(PARALLEL) -m "not thorough"

thorough: $(BIN)/.installed ## every chapter's proof again, and the long suites: documents, banks, sandbox, damage, databases; coverage by package
	@course check --all
	@rm -f build/.coverage*; mkdir -p build
	@export $(MEASURED); python -m pytest -q $(PARALLEL) -m thorough; code=$$?; \
	    coverage combine -q && python tests/measure/by_package.py; exit $$code

quick: $(BIN)/.installed ## the fast tests
	@python -m pytest -q $(PARALLEL) -m "not slow and not thorough"

lab: $(BIN)/.installed ## JupyterLab on the released chapters; Chinese: make lab LANGUAGE=zh
	@course lab $(if $(LANGUAGE),--lang $(LANGUAGE))

build: $(BIN)/.installed ## chapters → source/ → release/
	@course build

check: $(BIN)/.installed ## the release gate; as CI runs it: make check COMMIT=HASH
	@course check $(if $(COMMIT),--sample $(COMMIT))

bench: $(BIN)/.installed ## throughput compared with stock nbgrader (many minutes, best on an idle machine)
	@course bench ch02 ch03 cnn ch04 --json build/bench.json

rehearse: $(BIN)/.installed ## 1,000 submissions in one batch; a Dask cluster that loses a worker
	@python -m autograde.bench.rehearse
	@python -m pytest -q tests/autograde/grading/test_cluster.py

lint: $(BIN)/.installed ## layers, ruff, mypy --strict, declared dependencies, spelling
	@lint-imports --no-logo && ruff check . && ruff format --check autograde course tests --exclude tests/chapters && mypy
	@deptry --no-ansi course autograde && codespell

clean: ## remove the environment and everything generated (release/ and your gradebook stay)
	rm -rf .venv source demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
