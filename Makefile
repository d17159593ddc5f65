# The same verbs for people and for CI.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
MODULES := node_modules/.ready
PEERS  := build/bench-venv
OTHERS := build/others-venv
NODE   := PATH="$(CURDIR)/$(BIN):$$PATH"
STAGE  ?= prod
# Read from the environment, so that the shell makes nothing else of it.
SET    ?=
export SET
DATA   ?= keep
ROUNDS ?= 3
SIZE   ?= 1024
SEEDS  ?= 0-999999
PROCESSES ?= 2
DEMO   ?= 1
SCRIPTS := "bench/browsers/*.js" "bench/browsers/uppy5/*.js" "examples/**/*.{js,css}" "frontend/**/*.{js,css}" "tests/**/*.{js,mjs}" "tools/*.mjs"

.PHONY: help run test soak check bench format pins vendor pictures clean package deploy undeploy
.DEFAULT_GOAL := help

help:  ## show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): requirements.txt requirements-dev.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Manyhands needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

# Node.js comes from PyPI too, so that Python alone suffices.
$(MODULES): $(READY) package.json package-lock.json .npmrc
	$(NODE) npm ci --silent
	@touch $@

run: $(READY)  ## the whole system on this machine, with a demonstration; ONCE=1 ends after it, DEMO= leaves it out; HOST, PORT, ORIGIN
	@$(BIN)/python -m local $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(foreach url,$(ORIGIN),--other-origin $(url)) $(if $(DEMO),--demo --open) $(if $(ONCE),--once)

test: $(READY) $(MODULES) $(OTHERS)/.ready  ## every test
	$(BIN)/pytest -n 3

soak: $(READY) $(MODULES)  ## a million simulated stories and what takes minutes; SEEDS=0-999999 SECONDS=1800 PROCESSES=2
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -n $(PROCESSES) -m soak
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) $(if $(SECONDS),--for $(SECONDS)) --processes $(PROCESSES)

check: $(READY) $(MODULES)  ## format, lint, types, layers, documents, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.openapi --check
	$(BIN)/python -m tools.cli_docs --check
	$(BIN)/python -m tools.badges --check
	$(NODE) node_modules/.bin/prettier --check --log-level warn $(SCRIPTS)
	$(NODE) node_modules/.bin/tsc -p .
	$(NODE) node tools/vendor.mjs --check
	$(NODE) python -m tools.audit

# Each peer in versions of its own choice, apart from ours.
$(PEERS)/.ready: bench/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

$(OTHERS)/.ready: tests/races/requirements.txt
	$(PYTHON) -m venv $(OTHERS)
	$(OTHERS)/bin/pip install --quiet --disable-pip-version-check -r tests/races/requirements.txt
	@touch $@

bench: $(READY) $(MODULES) $(PEERS)/.ready  ## lines, clients, browser, server, cost: all of docs/benchmarks.md, in 20 minutes; ROUNDS=3 SIZE=1024
	$(BIN)/python -m bench.several_lines --write
	$(BIN)/python -m bench.simulated_lines --write
	$(BIN)/python -m bench.server --write
	$(BIN)/python -m bench.cost --write
	$(BIN)/python -m bench.single_client --write --tls --rounds $(ROUNDS) --size $(SIZE)
	$(BIN)/python -m bench.single_client --write --rounds 2 --size $(SIZE)
	$(BIN)/python -m bench.single_client --write --local --rounds 1 --size 128
	$(BIN)/python -m bench.beginning --write
	$(BIN)/python -m bench.browser --write

format: $(READY) $(MODULES)  ## format and mend what can be mended
	$(NODE) node_modules/.bin/prettier --write --log-level warn $(SCRIPTS)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

package: $(READY)  ## the deployable template and code, in build/; STAGE=prod
	$(BIN)/python -m tools.deploy package --stage $(STAGE)

deploy: $(READY)  ## to AWS, with the credentials of this shell; STAGE=prod SET="MailFrom=uploads@your.domain"
	@$(BIN)/python -m tools.deploy up --stage $(STAGE)

undeploy: $(READY)  ## from AWS; bucket, table and people stay unless DATA=delete; STAGE=prod
	@$(BIN)/python -m tools.deploy down --stage $(STAGE) --data $(DATA) $(if $(SURE),--sure $(SURE))

pins: $(READY)  ## write the versions now installed to constraints.txt
	(echo "# The exact version of everything, direct or not. Renew with \`make pins\`."; $(BIN)/pip freeze --exclude-editable) > constraints.txt

vendor: $(MODULES)  ## make frontend/vendor/ anew from the pinned packages
	$(NODE) node tools/vendor.mjs

pictures: $(READY)  ## make the README's pictures anew; needs a Chromium
	$(BIN)/python -m tools.pictures

clean:  ## remove what make made
	rm -rf $(VENV) node_modules bench/browsers/uppy5/node_modules build
