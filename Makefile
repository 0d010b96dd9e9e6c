# Microcred. `make` explains itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
NAME ?=
ONCE ?=
MINUTES ?= 60
# Where it is set, each of the hundred processes that the tests start would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## this list
	@echo "Microcred: micro-credentials from platform events"; echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- the environment -------------------------------------------------------------------------------------------------
$(VENV)/.local: requirements/build.txt requirements/local.txt pyproject.toml deploy/environment
	@deploy/environment local

$(VENV)/.dev: requirements/build.txt requirements/dev.txt pyproject.toml deploy/environment
	@deploy/environment dev

# Quix Streams, which the bench measures, wants an older Kafka client than ours.
$(VENV)-quix/.made: requirements/quix.txt deploy/environment | $(VENV)/.dev
	@deploy/environment quix

# --- for everyone ----------------------------------------------------------------------------------------------------
.PHONY: demo
demo: $(VENV)/.local ## from platform events to verified credentials and a dashboard, on this machine (ONCE=1 stops by itself)
	@$(BIN)/microcred demo $(if $(ONCE),--once)

.PHONY: up
up: $(VENV)/.local ## broker, database and the four services, until Ctrl-C
	@$(BIN)/microcred up

.PHONY: test
test: $(VENV)/.dev ## all checks and all tests side by side, and what they need installed beside the first of them
	@deploy/tests

# --- for those who change it -----------------------------------------------------------------------------------------
.PHONY: tools
tools: $(VENV)/.dev peers ## what the tests need: a browser, Java, Maven, Node.js, other people's verifiers
	@deploy/test-tools
	@$(BIN)/python -m deploy.local.kafka_classes

# Verifiers of others, in Node.js: what our credentials are held against.
bench/peers/node_modules/.made: bench/peers/package-lock.json | $(VENV)/.dev
	@deploy/test-tools
	@npm ci --prefix bench/peers --ignore-scripts --silent && touch $@

.PHONY: peers
peers: bench/peers/node_modules/.made ## install other people's verifiers

.PHONY: check
check: $(VENV)/.dev ## format, lint, types, import rules, contracts: no servers
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet --output-format concise .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m shared.contracts.generate --check
	$(BIN)/python -m shared.contracts.compatibility
	$(BIN)/mypy --no-error-summary

.PHONY: unit
unit: $(VENV)/.dev ## only the tests that need no server: seconds
	$(BIN)/pytest -q tests/unit tests/property tests/contract

.PHONY: interop
interop: $(VENV)/.dev peers ## hold our credentials against other people's verifiers, and theirs against ours
	$(BIN)/pytest -q tests/interop tests/contract/issuance

.PHONY: bench
bench: $(VENV)/.dev $(VENV)-quix/.made peers ## measure; NAME=engine measures one thing
	@$(BIN)/python -m bench $(NAME)

.PHONY: chaos
chaos: $(VENV)/.dev ## strike the services with 200 faults and count what is lost: 20 minutes
	@$(BIN)/python -m tests.chaos

.PHONY: chaos-long
chaos-long: $(VENV)/.dev ## random faults for MINUTES=60
	@$(BIN)/python -m tests.chaos --minutes $(MINUTES)

.PHONY: schemas
schemas: $(VENV)/.dev ## write the contracts' schemas and the AsyncAPI document anew
	@$(BIN)/python -m shared.contracts.generate

.PHONY: format
format: $(VENV)/.dev ## format and mend what can be mended
	$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

.PHONY: lock
lock: $(VENV)/.dev ## resolve the dependencies anew: versions and hashes, no registry named
	@deploy/lock

.PHONY: compose
compose: $(VENV)/.dev ## bring docker-compose.yml up on a Docker engine of our own and run the end-to-end tests against it
	@deploy/check/compose-up

.PHONY: clean
clean: ## remove the environment and all caches
	rm -rf $(VENV) $(VENV)-quix bench/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
