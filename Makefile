# Every target does its own set-up first; a second run skips what is done. What each step does: scripts/setup.py.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n auto --dist loadscope
.DEFAULT_GOAL := help
.PHONY: help demo test quick bench soak accept lint docs lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: ## play both scenarios on live pages; ONCE=1 plays to the end and exits; PORT=8000
	@$(PYTHON) scripts/setup.py demo
	@$(BIN)/safepassage demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: ## everything but the soak: style, types, contracts, all tests
	@$(PYTHON) scripts/setup.py test
	@$(MAKE) --no-print-directory check
	@$(PYTEST) -m "not soak"

quick: ## under two minutes: no browser, nothing slow
	@$(PYTHON) scripts/setup.py quick
	@$(MAKE) --no-print-directory check
	@$(PYTEST) -m "not soak and not e2e and not slow"

lint: ## style, types and import contracts
	@$(PYTHON) scripts/setup.py quick
	@$(MAKE) --no-print-directory check

.PHONY: check
check:
	@echo "check: style (ruff)"; $(BIN)/ruff check --quiet .
	@echo "check: types (mypy --strict)"; $(BIN)/mypy --no-error-summary
	@echo "check: import contracts"; $(BIN)/lint-imports --no-logo --no-cache
	@if [ -d frontend ]; then echo "check: types of the pages (tsc --strict)"; $(BIN)/python scripts/npm.py run --silent check; fi

bench: ## the benchmarks, one process, as ratios to a yardstick of the same run
	@$(PYTHON) scripts/setup.py bench
	@for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; done

soak: ## the long runs
	@$(PYTHON) scripts/setup.py test
	@$(BIN)/python -m pytest -m soak
	@echo "soak: the laws over examples that nobody has seen"
	@$(BIN)/python -m pytest --hypothesis-profile=search tests/laws tests/ledger tests/values -m "not soak"

accept: ## rewrite every scenario's expected.txt; review the diff like code
	@$(PYTHON) scripts/setup.py quick
	@$(BIN)/python -m pytest tests/scenarios --accept

docs: ## write the generated pages of docs/reference anew
	@$(PYTHON) scripts/setup.py quick
	@$(BIN)/python scripts/docs.py

lock: ## resolve the locked versions anew
	@$(BIN)/python scripts/lock.py

clean: ## remove what was built and installed; ledgers in .demo stay
	rm -rf .venv .setup .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .benchmarks dist build frontend/node_modules \
	  src/safepassage/web/static
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
