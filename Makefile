# Everything runs in .venv, which each target makes for itself; nothing has to be installed first
# but make and Python 3.11 or newer. PYTHON=... chooses another Python, PORT=... another port.

SHELL := /bin/bash
VENV := .venv
BENCH_VENV := .venv-bench
BIN := $(VENV)/bin
PORT ?= 8501

# Compiled files are kept: without them every process reads and compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo-sources check test coverage lint format data lock audit bench bench-quick torture clean
.DEFAULT_GOAL := run

run: $(VENV)/run.stamp
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
		echo "Port $(PORT) is taken by another program; choose another: make run PORT=$$(( $(PORT) + 1 ))." >&2; \
		exit 1; \
	fi
	@$(BIN)/python -m streamlit run app.py --server.port $(PORT) --browser.serverAddress localhost

# A stand-in for the public sources, with made-up answers, to try "Look for changes" with.
demo-sources: $(VENV)/run.stamp
	@$(BIN)/python -m scripts.demo_sources

# What to run while working: about a minute on two cores.
check: $(VENV)/dev.stamp
	@$(MAKE) --silent lint
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m "not slow" tests/unit

# The tests run even when a check before them fails, so that one run shows everything. Those in a
# browser come last: they want the machine for themselves.
test: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.ensure_browser
	@$(BIN)/python -m scripts.ensure_nginx
	@$(MAKE) --silent lint; checks=$$?; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --ignore tests/browser; tests=$$?; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile tests/browser; browser=$$?; \
	exit $$(( checks || tests || browser ))

# Which lines the tests of the core and the pages reach. Not a part of `make test`: on Python 3.11
# it doubles their time.
coverage: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report term \
		tests/unit tests/app

lint: $(VENV)/dev.stamp
	@status=0; \
	$(BIN)/ruff check --quiet . || status=1; \
	$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; status=1; }; \
	$(BIN)/mypy --no-error-summary || status=1; \
	exit $$status

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

# Of the folder that CLINICS_DATA_DIR names. The outlines need npm and are rebuilt by hand:
# python -m scripts.build_basemap
data: $(VENV)/run.stamp
	@$(BIN)/python -m scripts.build_towns
	@$(BIN)/python -m scripts.build_clinics

# Everything that requirements.txt brings with it, with the hashes of the files, for every system.
lock: $(VENV)/dev.stamp
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" requirements.txt \
		--output-file requirements.lock
	@$(BIN)/python -m scripts.list_licenses

# Asks a public list of known faults about each package; needs the network.
audit: $(VENV)/dev.stamp
	@$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.lock

# The packages that the core is compared with are in an environment of their own.
bench: $(BENCH_VENV)/bench.stamp
	@$(BENCH_VENV)/bin/python -m lab.benchmarks

bench-quick: $(BENCH_VENV)/bench.stamp
	@$(BENCH_VENV)/bin/python -m lab.benchmarks --quick

# The long trials: kills, faults, fuzzing and load; most of an hour.
torture: $(VENV)/torture.stamp
	@$(BIN)/python -m lab.torture

clean:
	@rm -rf $(VENV) $(BENCH_VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: requirements.txt
	@scripts/make_venv.sh $(VENV) requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt
	@scripts/make_venv.sh $(VENV) requirements-dev.txt
	@touch $(VENV)/run.stamp $@

$(VENV)/torture.stamp: requirements-torture.txt requirements-dev.txt requirements.txt
	@scripts/make_venv.sh $(VENV) requirements-torture.txt
	@touch $(VENV)/run.stamp $(VENV)/dev.stamp $@

$(BENCH_VENV)/bench.stamp: requirements.txt requirements-bench.txt
	@scripts/make_venv.sh $(BENCH_VENV) requirements-bench.txt
	@touch $@
