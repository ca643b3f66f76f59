# One door for people, CI and editors. Python 3.11+ and make are enough; `make help` tells what there is.
PYTHON ?= python3
BIN := .venv/bin
STACK := $(BIN)/python -m xoplatform.stack
FRONTEND := dialogs/canvas/frontend
# Node.js from .venv where none is installed (see xoplatform/prepare.py).
NPM := PATH="$$PATH:$(CURDIR)/$(BIN)" npm --prefix $(FRONTEND) --silent

# The files that hold tests of a mark. To collect all the others takes longer than most steps that leave them out.
MARKED := .ci/marked

# What may be given to make (make run XO_PORT=9000) reaches every process.
export XO_PORT XO_SANDBOX_PORT XO_BIND XO_VAR_DIR XO_DATABASE_URL XO_BROKER_URL XO_QUEUE XO_BASE_URL
$(foreach name,XO_PORT XO_SANDBOX_PORT XO_BIND XO_VAR_DIR XO_DATABASE_URL XO_BROKER_URL XO_QUEUE XO_BASE_URL,$(if $($(name)),,$(eval unexport $(name))))

.DEFAULT_GOAL := help
.PHONY: help run demo test proofs check check-types check-rest check-frontend format bench clean ready ready-dev ready-peers

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ready  ## everything on this machine: web, worker, beat and a sandbox Atlassian; Ctrl-C stops it all
	@exec $(STACK)

demo: ready  ## the main job from the shell: authorize, install, chat; fails unless the issue really exists
	@$(STACK) exec $(BIN)/python -m tests.journeys.demo

test: ready-dev  ## the suite on the embedded defaults, but for what check and proofs run
	$(BIN)/python -m pytest -n 2 -q -m "not proof and not alone and not long" --ignore=tests/architecture
	$(if $(wildcard $(FRONTEND)/package.json),$(NPM) test)

proofs: ready-dev  ## whole stacks against a server that is not ours, and mail to many people; minutes, so apart from test
	$(BIN)/python -m pytest -n 2 -q -m "proof and not long" $$($(MARKED) proof)
	$(BIN)/python -m pytest -q -m alone $$($(MARKED) alone)

check: check-types check-rest check-frontend  ## format, lint, types, imports, migrations, settings, docs, front end

check-types: ready-dev
	$(BIN)/mypy

check-rest: ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	XO_DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python -m pytest -q tests/architecture

check-frontend: ready-dev
	$(if $(wildcard $(FRONTEND)/package.json),$(NPM) run check)

format: ready-dev  ## mend format and what the linter can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ready-dev ready-peers  ## measure a dialog turn and the token vault, each beside its floor and its peers
	$(BIN)/python -m tests.benchmarks

clean:  ## remove what was built or downloaded; data in var/ stays
	rm -rf .venv .venv-peers $(FRONTEND)/node_modules dialogs/static/dialogs/canvas .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

ready:
	@$(PYTHON) xoplatform/prepare.py run

ready-dev:
	@$(PYTHON) xoplatform/prepare.py dev

ready-peers:
	@$(PYTHON) xoplatform/prepare.py peers
