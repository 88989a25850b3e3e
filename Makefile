# The machine needs git, make and Python 3.11 or newer; everything else is fetched into .venv and the user's cache.
# `make help` lists the targets.

PYTHON ?= python3
VENV := .venv/bin
# The lock is made with this one, from a virtual environment of its own.
UV := uv>=0.9,<1
# Images often set it; without bytecode each run compiles the providers' SDKs anew, which doubles what a preview takes.
unexport PYTHONDONTWRITEBYTECODE
# The checker holds the SDKs' types in 9 GB; below that it drops and reads them again and again, four times as long.
TYPES_MEMORY := --max-old-space-size=12288

.DEFAULT_GOAL := help
.PHONY: help up app test test-app test-kubernetes format types pytest exhaustive coverage bench soak load docs site hooks set-up engine lock clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do printf '%-22s %s\n' "$$target" "$$what"; done

up: engine ## Deploy the dev stack in the sandbox, from a bare clone: no account, no cost
	@$(VENV)/tierup up --stack dev --sandbox --wait 600

app: set-up ## Run the sample application on this machine: API, worker, site, database and Redis; needs Node.js
	@$(VENV)/python -m tools.app run

test: engine ## Format, lint, types and all tests, from a bare clone
	$(VENV)/ruff format --check
	$(VENV)/ruff check
	@$(MAKE) --no-print-directory -j2 types pytest

format: set-up ## Format the code, and fix what the linter can fix
	$(VENV)/ruff format
	$(VENV)/ruff check --fix

types: set-up ## Only the types
	NODE_OPTIONS=$(TYPES_MEMORY) $(VENV)/basedpyright

# A busy machine can make a test of processes, signals and time-outs fail. Such a test runs once more, and is listed
# as RERUN in the summary, because it needs a mend all the same.
pytest: engine ## Only the tests; a failed one runs once more and is listed
	$(VENV)/pytest --reruns 1

test-app: set-up ## Test the sample application on a real Redis and database; needs Node.js
	$(VENV)/pytest -m app -n 2 tests/examples/tasks

test-kubernetes: engine ## Test the Kubernetes components on an API server, built once in 30 minutes
	@$(VENV)/python -m tools.kubernetes build
	$(VENV)/pytest -m kubernetes -n 0 tests/kubernetes

exhaustive: engine ## Every single case of what `make test` samples: slow
	$(VENV)/pytest -m exhaustive

coverage: engine ## Run the tests with coverage; fails below the threshold in pyproject.toml
	$(VENV)/pytest --cov --cov-report=term:skip-covered

bench: engine ## Measure `tierup up --sandbox` against the engine alone, and the speed of the sandbox
	@$(VENV)/python -m tools.benchmarks

soak: engine ## Random switches with random faults on the real engine: slow (WALKS=100, SEED=1)
	@$(VENV)/python -m tools.switching soak --walks $(or $(WALKS),100) --seed $(or $(SEED),1)

load: set-up ## Measure requests per second of the sample application for each task size; needs Node.js and root on Linux
	@$(VENV)/python -m tools.app load

docs: set-up ## Write all generated tables and pages of the documentation
	@$(VENV)/python -m tools.docs

site: set-up ## Build the documentation as a site into .site; a broken link fails the build
	@NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build --strict
	@echo 'Open .site/index.html'

hooks: set-up ## Install the git hooks: quick checks at each commit, types at each push
	$(VENV)/pre-commit install --hook-type pre-commit --hook-type pre-push

set-up: ## .venv with the locked packages and tierup itself
	@$(PYTHON) -I tierup/set_up.py

engine: set-up ## The Pulumi CLI: found, installed or built
	@$(VENV)/python -m tierup.engine

lock: ## Make requirements.lock from pyproject.toml; what it names already stays at its version
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && "$$folder/bin/pip" install --quiet '$(UV)' && \
	"$$folder/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --all-extras --group dev pyproject.toml -o requirements.lock

clean: ## Remove what make and the tests made in this folder; the sandbox state in .tierup stays
	rm -rf .venv .pytest_cache .ruff_cache .site dist
	find stacks components policies tierup tools tests -name __pycache__ -type d -prune -exec rm -rf {} +
