# One door for people, CI and editors. Python 3.11+ and make are enough; `make help` tells what there is.
PYTHON ?= python3
BIN := .venv/bin
STACK := $(BIN)/python -m xoplatform.stack
FRONTEND := dialogs/canvas/frontend
# Node.js from .venv where none is installed (see xoplatform/prepare.py).
NPM := PATH="$$PATH:$(CURDIR)/$(BIN)" npm --prefix $(FRONTEND) --silent

# What may be given to make (make run XO_PORT=9000) reaches every process.
export XO_PORT XO_SANDBOX_PORT XO_BIND XO_VAR_DIR XO_DATABASE_URL XO_BROKER_URL XO_QUEUE XO_BASE_URL
$(foreach name,XO_PORT XO_SANDBOX_PORT XO_BIND XO_VAR_DIR XO_DATABASE_URL XO_BROKER_URL XO_QUEUE XO_BASE_URL,$(if $($(name)),,$(eval unexport $(name))))

.DEFAULT_GOAL := help
.PHONY: help run demo test proofs check format bench clean ready ready-dev

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ready  ## everything on this machine: web, worker, beat and a sandbox Atlassian; Ctrl-C stops it all
	@exec $(STACK)

demo: ready  ## the main job from the shell: authorize, install, chat; fails unless the issue really exists
	@$(STACK) exec $(BIN)/python -m tests.journeys.demo

test: ready-dev  ## the whole suite on the embedded defaults
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m "not proof"
	$(if $(wildcard $(FRONTEND)/package.json),$(NPM) test)

proofs: ready-dev  ## whole stacks against a server that is not ours, and mail to many people; minutes, so apart from test
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m proof

check: ready-dev  ## format, lint, types, imports, migrations, settings, docs, front end
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	XO_DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python -m pytest -q tests/architecture
	$(if $(wildcard $(FRONTEND)/package.json),$(NPM) run check)

format: ready-dev  ## mend format and what the linter can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ready-dev  ## measure a dialog turn against its floor
	$(BIN)/python -m tests.benchmarks

clean:  ## remove what was built or downloaded; data in var/ stays
	rm -rf .venv $(FRONTEND)/node_modules dialogs/static/dialogs/canvas .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

ready:
	@$(PYTHON) xoplatform/prepare.py run

ready-dev:
	@$(PYTHON) xoplatform/prepare.py dev
