# Two commands do all the set-up:  make run  and  make test
PYTHON ?= python3
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ECHARTS := peephole/report/assets/echarts.min.js
STATIC := peephole/studio/static

.PHONY: help run studio wheel bench-studio test test-spark bench-tables test-ui check fmt ui bench bench-engine bench-service bench-recurrent bench-unfold bench-long-memory bench-jsb bench-etth1 clean assets

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

run: .venv/installed assets  ## install, run the flagship workflow on real data, write report.html
	$(BIN)/peephole run templates/flight-delays/flight-delays.peep.json --report report.html
	@echo
	@echo "The report: file://$(CURDIR)/report.html   (open it in a browser)"
	@echo "Run it again: nothing is computed twice. Change something late:"
	@echo "  $(BIN)/peephole run templates/flight-delays/flight-delays.peep.json --set boosting.depth=4 --report report.html"
	@echo "Open it in the studio, where everything is done by dragging and clicking:  make studio"

studio: .venv/installed assets  ## the studio in the browser: prints its address
	$(BIN)/peephole studio

test: .venv/installed-test test-ui browser postgres  ## install what tests need and run them all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: .venv/installed-test  ## style, types and import contract only
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

fmt: .venv/installed-test  ## put the code into shape
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# One run, so that Spark starts once. What holds for relational nodes on DuckDB, then their values on Spark.
SPARK_CONFORMANCE := $(addprefix tests/conformance/test_nodes.py::test_,schema_is_known_before_rows \
	gives_the_same_rows_on_each_engine_and_run empty_table_and_one_row columns_without_any_value)

test-spark: .venv/installed-spark java  ## every relational node on Spark (needs Java 17; six minutes)
	PEEPHOLE_TEST_ENGINES="duckdb spark" $(BIN)/python -m pytest $(SPARK_CONFORMANCE) tests/nodes/rows tests/nodes/columns tests/nodes/tables

bench: bench-engine bench-recurrent  ## all benchmarks; each writes its table into docs/benchmarks/

bench-engine: .venv/installed-test  ## overhead of the engine, the flagship against pandas and scikit-learn
	$(BIN)/python -m benchmarks.engine

bench-tables: .venv/installed-test  ## tables against pandas, Orange and SQL; beyond memory; mining against scikit-learn (an hour)
	$(BIN)/python -m benchmarks.tables

bench-recurrent: .venv/installed-bench  ## the recurrent layers against torch.nn.LSTM
	$(BIN)/python -m benchmarks.recurrent

bench-service: .venv/installed-test  ## a workflow as a service, asked by wrk (apt-get install wrk)
	$(BIN)/python -m benchmarks.service

bench-unfold: .venv/installed-test ui browser  ## what opening a trace costs; an opened network in the browser
	$(BIN)/python -m benchmarks.unfold
	$(BIN)/python -m benchmarks.unfold_page

bench-long-memory: .venv/installed-bench  ## the adding problem and the copy task (minutes)
	$(BIN)/python -m benchmarks.long_memory

bench-jsb: .venv/installed-bench  ## Bach's chorales, all variants of the LSTM (an hour; resumes where it was cut)
	$(BIN)/python -m benchmarks.jsb

bench-etth1: .venv/installed-test  ## oil temperature a day ahead, in the Informer's protocol (minutes)
	$(BIN)/python -m benchmarks.etth1

bench-studio: .venv/installed-test ui browser  ## the studio: what a page waits for; first paint, frames, ten million rows
	$(BIN)/python -m benchmarks.studio_server
	$(BIN)/python -m benchmarks.studio

wheel: | .venv/bin/python  ## a wheel that needs no Node, in dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## take away everything that is made
	rm -rf .venv ui/node_modules $(ECHARTS) $(STATIC) .pytest_cache .mypy_cache .ruff_cache .hypothesis artefacts report.html

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Peephole needs Python 3.11 or newer; this is `$(PYTHON) --version`. Say: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Installing Peephole into .venv ..."
	$(PIP) torch==2.13.0
	$(PIP) -e '.[all]'
	@touch $@

# torch by its exact version: a plain "torch" brings gigabytes of GPU libraries
.venv/installed-test: pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need into .venv ..."
	$(PIP) torch==2.13.0
	$(PIP) -e '.[all,polars,test]'
	@touch $@ .venv/installed

.venv/installed-spark: .venv/installed-test
	$(PIP) -e '.[spark]'
	@touch $@

.venv/installed-bench: .venv/installed-test
	$(PIP) -e '.[bench]'
	@touch $@

# ui/build.py keeps a stamp: what is fresh is not built again
assets: | .venv/bin/python
	@if command -v npm >/dev/null; then $(BIN)/python ui/build.py; \
	else echo "npm (Node 20 or newer) is missing: no studio, and reports show still pictures instead of live charts."; fi

ui: | .venv/bin/python  ## build the studio's page
	$(BIN)/python ui/build.py

test-ui: ui  ## types, style and tests of the browser side
	$(BIN)/python ui/build.py install
	cd ui && npm run --silent check && npm run --silent test

.PHONY: postgres
postgres:  # a server that tests start for themselves
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || [ "$$(uname)" = Darwin ] || \
	  { echo "Installing PostgreSQL for the tests ..."; \
	    SUDO=$$( [ $$(id -u) = 0 ] || echo sudo ); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq postgresql >/dev/null; }

.PHONY: java
java:
	@java -version >/dev/null 2>&1 || [ "$$(uname)" = Darwin ] || \
	  { echo "Installing Java for Spark ..."; \
	    SUDO=$$( [ $$(id -u) = 0 ] || echo sudo ); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq openjdk-17-jre-headless >/dev/null; }

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ "$$(uname)" = Darwin ] || \
	  { echo "Installing Chromium for the tests ..."; \
	    SUDO=$$( [ $$(id -u) = 0 ] || echo sudo ); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; }
