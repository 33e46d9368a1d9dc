# Every target does its own set-up: on a fresh machine `make demo` or `make test` is the first command.
# Needs Python 3.11 or newer with venv; OpenFOAM is optional (`maquette doctor` says what is missing).

SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?= -n auto --dist loadgroup
MUTATE_ARGS ?= --seed $(shell date +%s)
SENTENCE ?= A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, ground clearance at least 140 mm, head room for tall passengers

.PHONY: help install demo test quick mutate check format bench gallery campaign clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## Make .venv and install Maquette into it, editable, with the developers' tools

# The stamp makes the second time quick; a changed pyproject.toml installs again.
$(STAMP): pyproject.toml
	@python=$$(.ci/find-python) && if [ ! -x $(BIN)/python ]; then "$$python" -m venv $(VENV); fi
	@echo "Installing Maquette and what it needs into $(VENV) (minutes the first time, seconds after that)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP) ## Run the README's sentence and leave a release in out/demo
	$(BIN)/maquette design "$(SENTENCE)" --out out/demo

test: $(STAMP) ## Run every test (PYTEST_ARGS="-x -k name" narrows it down)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

quick: $(STAMP) ## Run the tests that are not marked slow
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS) -m "not slow"

mutate: $(STAMP) ## Break the core in random places and say which the tests notice (MUTATE_ARGS="--map" first)
	nice -n 19 $(BIN)/python -W ignore tests/mutate.py $(MUTATE_ARGS)

check: $(STAMP) ## Lint, formatting, types and layers, without changing a file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Sort imports and format every file
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## Measure speed and memory and print them as ratios, with the machine's name
	$(BIN)/python -m maquette.ui.bench

gallery: $(STAMP) ## Render the galleries of the README and the documentation into out/gallery
	$(BIN)/python -m maquette.ui.bench.gallery --out out/gallery

campaign: $(STAMP) ## Start or resume the CFD campaign in the background (.ci/campaign pause, resume, stop, status)
	.ci/campaign start

clean: ## Remove what the other targets made (.venv, out/, caches)
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
