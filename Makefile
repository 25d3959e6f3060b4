# Everything that installs, runs, checks and ships Shequtong. GNU make 3.81 (macOS) is enough.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2

# A stamp is named after what it was made from, so a new lock or a moved checkout is noticed, and nothing else is.
# The environment begins anew with each lock: what a lock dropped must not linger.
sum = $(shell { echo '$(CURDIR)'; cat $(1); } | cksum | cut -d ' ' -f 1)
MADE := $(VENV)/.made-$(call sum,requirements.lock requirements-test.lock)
RUN := $(VENV)/.run-$(call sum,pyproject.toml requirements.lock)
TEST := $(VENV)/.test-$(call sum,pyproject.toml requirements-test.lock)
# One whose Python has been removed or renewed does too.
$(shell [ ! -d $(VENV) ] || $(BIN)/python -c '' 2>/dev/null || rm -f $(VENV)/.made-*)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Run it

.PHONY: demo demo-reset dev
demo: $(RUN) ## a town to look at, on http://127.0.0.1:8000 (PORT=9000 moves it); keeps its data
	@$(BIN)/shequtong demo $(if $(PORT),--port $(PORT))

demo-reset: $(RUN) ## the same town, made anew
	@$(BIN)/shequtong demo --reset $(if $(PORT),--port $(PORT))

dev: $(RUN) ## the server, started again whenever a file changes
	@$(BIN)/shequtong migrate
	@$(BIN)/shequtong serve --reload $(if $(PORT),--port $(PORT))

## Check it

.PHONY: test check lint types contracts test-needs
test: $(TEST) test-needs lint types contracts ## everything: lint, types, contracts, both databases, migrations, Chromium
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

check: $(TEST) lint types contracts ## the fast loop, under a minute: the tests of what you touched, on SQLite, no browser
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup --databases sqlite -m "not slow and not browser" \
	    $$($(BIN)/python -m scripts.touched)

lint: $(TEST)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(TEST)
	$(BIN)/mypy

contracts: $(TEST)
	$(BIN)/lint-imports

test-needs: $(TEST)
	@scripts/test-needs

## Keep it

.PHONY: bench migration messages docs lock format wheel
bench: $(TEST) ## performance, as ratios to what this machine can do
	@$(BIN)/python -m bench $(BENCH)

migration: $(TEST) ## write what the models changed as a step of the schema: make migration NAME="add polls"
	@scripts/new-migration "$(NAME)"

messages: $(RUN) ## gather the words of code and templates into the catalogues
	@$(BIN)/python -m shequtong.lib.messages

docs: $(RUN) ## write the pages of docs/ that come from the code
	@$(BIN)/python -m scripts.write_docs

format: $(TEST) ## lay the Python files out as `make lint` wants them
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(TEST) ## build dist/shequtong-….whl
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: $(MADE) ## compute the locks and the bill of materials (UPGRADE=1: newest of all)
	@scripts/lock $(if $(UPGRADE),--upgrade)

## What the above stand on

$(MADE):
	@python=$${PYTHON:-$$(scripts/find-python)} && \
		echo "Making $(VENV) with $$("$$python" --version) …" && \
		"$$python" -m venv --clear $(VENV)
	@touch $@

$(RUN): $(MADE)
	@echo "Installing what Shequtong needs (once; hashes are checked) …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.run-* && touch $@

$(TEST): $(RUN)
	@echo "Installing what the tests need (once; hashes are checked) …"
	@$(PIP) install --quiet --require-hashes -r requirements-test.lock
	@rm -f $(VENV)/.test-* && touch $@
