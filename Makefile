# make run    serve the fake on http://127.0.0.1:8787 (ARGS="--clock manual" and so on go to `screenplay-mock serve`)
# make demo   a tour of failure scenarios in the terminal (ARGS="--slow" and so on go to `screenplay-mock demo`)
# make test   the whole suite and the gates: ruff, mypy --strict, pytest with coverage
# make mutants  every broken server against all checks, every broken client in all cases, as tables; hours (ARGS="-k WORD" takes some)
# make matrix   the clients in examples/clients, side by side: matrix.html, and the table in README.md; some minutes
# make bench  speed, side by side with a bare aiohttp handler

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: run demo test lint bench mutants matrix clean

run: .venv/run
	@exec $(BIN)/screenplay-mock serve $(ARGS)

demo: .venv/run
	@exec $(BIN)/screenplay-mock demo $(ARGS)

test: lint
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -q -n 2 -p tests.broken_servers.table -p tests.mutants.table --cov --cov-report=
	@$(BIN)/coverage report --precision=1 --skip-covered
	@$(BIN)/coverage report --include='*/screenplay_mock/core/*' --fail-under=100 >/dev/null \
	  || { echo 'core/ must be covered by 100 % of its branches'; exit 1; }

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutants: .venv/dev
	$(BIN)/python -m pytest -v -n 2 -p tests.broken_servers.table -p tests.mutants.table tests/broken_servers/mutants.py tests/mutants/cross.py $(ARGS)

matrix: .venv/dev
	$(BIN)/python examples/matrix.py --html matrix.html --readme README.md $(ARGS)

bench: .venv/dev
	$(BIN)/python benchmarks/bench.py $(ARGS)

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml
	@echo 'Installing (once, about half a minute) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[speed,tls]'
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml
	@echo 'Installing what the tests need (once, about a minute) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
