# Two commands matter: `make demo` and `make test`. Both start from a bare clone with make, python3 >= 3.11 and the
# package registries; PostgreSQL comes with the packages.

SHELL := /bin/sh
VENV ?= .venv
PY := $(VENV)/bin/python
ifeq ($(origin PYTHON),undefined)
PYTHON := python3
# What stands stays on the Python that it was made from: nobody's environment is replaced while it is in use.
BUILD_ON = $$(test -x $(PY) && echo $(PY) || $(PYTHON) tools/best_python.py)
else
BUILD_ON = $(PYTHON)
endif
CORES ?= $(shell $(PYTHON) -c "import os; print(len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count())")
# One more than cores: it waits for browsers, the demonstration and other processes, and the others calculate meanwhile
# (`Distribution` in tests/conftest.py).
WORKERS ?= $(shell expr $(CORES) + 1)
PORT ?= 8000
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
export PYTHONUTF8 := 1
# Every process of a run would compile the whole project again.
unexport PYTHONDONTWRITEBYTECODE

LINTS := lint-style lint-types lint-layers lint-templates lint-migrations lint-translations lint-reference
.PHONY: $(LINTS) help setup demo test coverage lint format bench docs screenshots clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

$(VENV)/.synced: pyproject.toml uv.lock
	@uv=$$($(PYTHON) tools/get_uv.py) && echo "packages: $$uv sync" && "$$uv" sync --locked --quiet --python "$(BUILD_ON)"
	@touch $@

setup: $(VENV)/.synced ## packages of the lock file, translations
	@$(PY) manage.py translations --compile

demo: setup ## a whole fund, played and served on this machine (FRESH=1 starts over)
	@DEMO=1 SITE_URL=http://127.0.0.1:$(PORT) $(PY) manage.py demo --port $(PORT) $(if $(FRESH),--fresh)

test: setup ## every test that this machine can run (REQUIRE_ALL=1: none may be skipped)
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

coverage: setup ## the same, counting the branches taken: pure modules and services at least 95 % (slower)
	@mkdir -p .local && $(PY) tools/coverage_floor.py --config > .local/measured.ini
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup --cov --cov-config=$(CURDIR)/.local/measured.ini --cov-report=json:.local/coverage.json $(ARGS)
	@$(PY) tools/coverage_floor.py .local/coverage.json

lint: $(LINTS) ## every check of the code that is no test (make -k: all of them)

lint-style: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

lint-types: setup
	$(PY) -m mypy .

lint-layers: setup
	$(VENV)/bin/lint-imports --no-logo

lint-templates: setup
	$(VENV)/bin/djlint templates --lint --quiet

lint-migrations: setup
	$(PY) manage.py makemigrations --check --dry-run

lint-translations: setup
	$(PY) manage.py translations --check

lint-reference: setup
	$(PY) manage.py reference --check

format: setup ## let ruff put the code in order
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup ## what the project measures of itself, into bench-results/
	$(PY) -m bench

docs: setup ## the pages of docs/reference that are made from the code
	$(PY) manage.py reference

screenshots: setup ## the main pages in Arabic at 360 and 1280 px, into screenshots/
	@DEMO=1 $(PY) manage.py screenshots $(ARGS)

clean: ## what can be made again; the demonstration's data go too
	rm -rf "$$(readlink -m .local/pg-test/data)" .local staticfiles screenshots bench-results
