# Everything a user or a scheduler needs, each target by itself on a fresh machine with Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# A further engine, postgres or spark, browser for the tests of pages, or metrics for MetricFlow: make setup TARGET=postgres adds what
# it needs to .venv. DuckDB needs nothing more.
TARGET ?=
EXTRA := $(filter postgres spark browser metrics,$(TARGET))
EXTRA_STAMP := $(EXTRA:%=$(VENV)/.installed-%)

export DBT_PROFILES_DIR := $(CURDIR)/profiles
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup parity refresh dashboard dashboard-setup test test-engines test-metrics test-browser test-dashboards lint unit truth docs bench sample assets lock clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) $(EXTRA_STAMP) ## Make .venv with everything, from the lock file; TARGET=postgres or spark adds an engine, browser what tests of pages need, metrics MetricFlow

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or later is needed, $(PYTHON) is older: install it, or name another with make PYTHON=..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@mkdir -p warehouse/build
	@touch $(STAMP)

$(VENV)/.installed-%: requirements/%.txt $(STAMP)
	@echo "Adding the locked packages for $* to $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/$*.txt
	@touch $@

refresh: setup ## Build, check and publish the sample warehouse, and say what was made
	@$(BIN)/support-kpis refresh

PORT ?= 8088
BI := .venv-dashboard
BI_STAMP := $(BI)/.installed

dashboard: setup $(BI_STAMP) ## Serve the dashboards over the published marts on this machine until Ctrl-C; PORT=8088
	@$(BIN)/support-kpis dashboard --port $(PORT)

dashboard-setup: setup $(BI_STAMP) ## Install Superset and import the dashboards, but do not serve them
	@$(BIN)/support-kpis dashboard --setup-only

# The stamp comes last, so that an interrupted installation is done again.
$(BI_STAMP): requirements/dashboard.txt
	@test "$$($(PYTHON) -c 'import sys; print(sys.version_info[:2] in ((3, 10), (3, 11)))')" = True \
	    || { echo "Superset needs Python 3.10 or 3.11, $(PYTHON) is another: install one, or name it with make dashboard PYTHON=python3.11."; exit 2; }
	@rm -f $@
	@test -x $(BI)/bin/python || $(PYTHON) -m venv $(BI)
	@echo "Installing Superset and what it needs into $(BI) (two or three minutes) ..."
	@$(BI)/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/dashboard.txt
	@touch $@

assets: setup ## Write the files of the dashboards anew from src/support_kpis/boards
	@$(BIN)/python -m support_kpis.boards

test: lint unit ## Run every check

lint: setup ## Check the style of SQL, Python and YAML
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	@mkdir -p warehouse/build
	$(BIN)/sqlfluff lint models tests/singular analyses

# Files of tests that run at a time. A file stays whole, for its tests share what they built.
JOBS ?= 2

unit: setup ## Build the sample with all data tests and unit tests, then the Python tests, JOBS=2 files at a time
	@mkdir -p warehouse/build
	$(BIN)/dbt build --target-path target/unit --log-path logs/unit
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile

CLIENTS := .venv-clients

$(CLIENTS)/.installed: requirements/clients.txt
	@test -x $(CLIENTS)/bin/python || $(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/clients.txt
	@touch $@

test-engines: $(CLIENTS)/.installed ## Hold PostgreSQL and Spark against DuckDB: real servers, started and stopped (minutes; needs PostgreSQL and Java)
	@$(MAKE) --no-print-directory setup TARGET=postgres
	@$(MAKE) --no-print-directory setup TARGET=spark
	$(BIN)/python tests/engines/postgres_server.py -- $(CURDIR)/$(BIN)/dbt build --target postgres \
	    --target-path target/postgres --log-path logs/postgres
	$(BIN)/pytest tests/engines

test-metrics: ## Hold every metric of MetricFlow against the scorecard, on a sample whose days are not those of UTC (minutes)
	@$(MAKE) --no-print-directory setup TARGET=metrics
	$(BIN)/pytest tests/metrics

test-browser: ## Look at the report in a browser: the system's Chromium, headless (needs Chromium)
	@$(MAKE) --no-print-directory setup TARGET=browser
	$(BIN)/pytest tests/browser

parity: ## Hold the engines against each other on the sample, 5,000 tickets with all dirt, hostile spellings and data sets beside the checkout (an hour and more)
	@$(MAKE) --no-print-directory setup TARGET=postgres
	@$(MAKE) --no-print-directory setup TARGET=spark
	$(BIN)/pytest -m parity tests/engines

test-dashboards: ## Look at the dashboards in a browser, with filters and during a refresh (minutes; needs Chromium)
	@$(MAKE) --no-print-directory setup $(BI_STAMP) TARGET=browser
	$(BIN)/pytest tests/dashboards

truth: setup ## Hold the facts against simulated truth, five seeds of 20,000 tickets each (minutes)
	$(BIN)/pytest -m truth tests/python/test_truth_at_scale.py

docs: setup ## Write the documentation of every model, column and metric to target/static_index.html, one file (after make refresh)
	@mkdir -p warehouse/build
	$(BIN)/dbt docs generate
	@$(BIN)/python -m support_kpis.docs

bench: setup ## Measure the refresh and write the figures to benchmarks/
	$(BIN)/python benchmarks/refresh.py

sample: setup ## Make the sample seeds anew (the same bytes, unless the simulator changed)
	$(BIN)/python -m support_kpis.simulate.sample

LOCK := uv pip compile --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate
# The lock file of an engine holds what it adds to the others, and pins nothing twice.
LOCKED = $(shell sed -n 's/^\([A-Za-z0-9_.-]*\).*==.*/--no-emit-package \1/p' requirements/dev.txt | sort -u)

lock: setup ## Pin the dependencies of pyproject.toml anew (needs uv)
	$(LOCK) --extra dev pyproject.toml -o requirements/dev.txt
	$(LOCK) requirements/clients.in -o requirements/clients.txt
	for extra in postgres spark browser metrics; do \
	    $(LOCK) --extra $$extra --constraint requirements/dev.txt $(LOCKED) pyproject.toml -o requirements/$$extra.txt || exit 1; \
	done
	$(LOCK) requirements/dashboard.in -o requirements/dashboard.txt

# The run log, the lock, and on Spark the published tables lie in the same folder.
clean: ## Remove what was built, but not what was published, nor the run log
	rm -rf target logs
	@mkdir -p warehouse/build
	find warehouse/build -mindepth 1 -maxdepth 1 ! -name run_log.jsonl ! -name refresh.lock ! -name spark -exec rm -rf {} +
