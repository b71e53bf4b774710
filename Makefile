# Everything a person or CI runs here. Needs: make, Python 3.11 or newer with venv.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CHROMIUM := /usr/bin/chromium

# The demo: a month of the province in some three minutes.
SCENARIO ?= september-2024
SPEED ?= 14400
UP_OPTIONS ?=
PYTEST_OPTIONS ?=
# Processes that run tests, each with engines of its own; most of their time is waiting.
TEST_PROCESSES ?= 2

PACKAGES := ioc streams dashboards schemas benchmarks

.PHONY: help demo test search lint format bench docs pictures install chromium docker-compose

help: ## Say what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(STAMP) ## Start everything and replay a real month; Ctrl-C stops it
	$(BIN)/ioc up --scenario $(SCENARIO) --speed $(SPEED) $(UP_OPTIONS)

test: lint chromium docker-compose ## Lint and run every test, on real engines
	$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile \
	    --no-loadscope-reorder $(PYTEST_OPTIONS)

search: $(STAMP) ## Look for counterexamples that `make test` does not try, other ones every time
	$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --hypothesis-profile search \
	    $$(grep -rl '@given' tests) $(PYTEST_OPTIONS)

lint: $(STAMP) ## Check style, types and floors; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(addprefix -p ,$(PACKAGES))
	$(BIN)/lint-imports

format: $(STAMP) ## Put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) chromium ## Measure speed and latency; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks

docs: $(STAMP) ## Write the documentation that is made from the code
	$(BIN)/python scripts/make_docs.py
	$(BIN)/ioc schema

pictures: $(STAMP) chromium ## Take the pictures of the walls that the documentation shows
	$(BIN)/python -m scripts.make_pictures

install: $(STAMP) ## Set up .venv with the pinned packages

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	    echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt --editable '.[embedded,dev]'
	@touch $@

# What is a program of the system and no Python package: as root from Debian, else it is said.
define system_package
	@command -v $(2) >/dev/null || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        apt-get update -q && apt-get install -y -q --no-install-recommends $(1); \
	    else \
	        echo "The tests $(3) need $(2); as root: apt-get install $(1)" >&2; \
	        exit 1; \
	    fi; }
endef

chromium:
	$(call system_package,chromium,$(CHROMIUM),of the wall)

# 1.29, which only reads the file here; it brings no container engine.
docker-compose:
	$(call system_package,docker-compose,docker-compose,of docker-compose.yml)
